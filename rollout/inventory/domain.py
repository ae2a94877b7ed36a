"""Where an instance is placed: what all instances of a batch must share."""

from typing import NamedTuple

from rollout.inventory.instance import Instance


class Domain(NamedTuple):
    """A zone, and an update or fault domain within it, as far as Azure reports them."""

    zone: str | None
    update_domain: int | None
    fault_domain: int | None

    @property
    def order(self) -> tuple[str, int, int]:
        """Sorts by zone name, then by domain number; missing values come first."""
        return (self.zone or "", _number(self.update_domain), _number(self.fault_domain))


def _number(domain: int | None) -> int:
    return -1 if domain is None else domain


def domain_of(instance: Instance, *, by_fault_domain: bool) -> Domain:
    """The domain a batch must not cross. Update domain and zone always count if Azure reports them,
    whatever the policy says; the fault domain counts only on request.
    """
    fault_domain = instance.fault_domain if by_fault_domain else None
    return Domain(instance.zone, instance.update_domain, fault_domain)


def splits_by_fault_domain(batch_by: str, instances: list[Instance]) -> bool:
    """Whether batches are split by fault domain: on request, or if there is nothing better."""
    if batch_by != "auto":
        return batch_by == "faultDomain"
    return not any(instance.zone or instance.update_domain is not None for instance in instances)
