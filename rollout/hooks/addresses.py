"""The private addresses of instances, for the hooks that ask for them."""

from collections.abc import Iterable

from rollout.base import Activity, Value
from rollout.inventory import ScaleSetIdField


class ReadAddresses(Value):
    """Read the private addresses of these instances."""

    scale_set: ScaleSetIdField
    instance_ids: list[str]

    @property
    def flexible(self) -> bool:
        """Whether they are VMs of their own: those of a Uniform scale set have numbers."""
        return not all(each.isdecimal() for each in self.instance_ids)


class Addresses(Value):
    """By instance, each one's primary address first. One that is gone has none."""

    by_instance: dict[str, list[str]] = {}

    def of(self, instance_ids: Iterable[str]) -> dict[str, list[str]]:
        """Those of these."""
        return {each: self.by_instance.get(each, []) for each in instance_ids}


READ_ADDRESSES = Activity("read_addresses", ReadAddresses, Addresses)
