"""Whether nothing has happened yet to the instances of the next batch: then they are sent with the
read that is made for that, without another one before.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from rollout.base import Value
from rollout.inventory import Image, Instance


class Stillness(Value):
    """Instances that were seen on another image than the target, with nothing going on on them. So
    whatever is found of them soon after comes from our own upgrade, also if the process died before
    it could say that it had sent it.
    """

    instance_ids: list[str]
    seen_at: datetime

    def covers(self, instance_ids: Sequence[str], now: datetime, reach: timedelta) -> bool:
        """Whether exactly these were seen so, and not longer ago than `reach`."""
        return [*instance_ids] == self.instance_ids and now - self.seen_at <= reach


def all_still(instances: Iterable[Instance], instance_ids: Sequence[str], target: Image) -> bool:
    """Whether all of these instances are there, and still."""
    wanted = set(instance_ids)
    there = [each for each in instances if each.instance_id in wanted]
    return (
        bool(wanted)
        and len(there) == len(wanted)
        and not any(_stirs(each, target) for each in there)
    )


def shows_traces(instances: Iterable[Instance], instance_ids: Sequence[str], target: Image) -> bool:
    """Whether one of these instances, which were still, is so no longer."""
    wanted = set(instance_ids)
    return any(each.instance_id in wanted and _stirs(each, target) for each in instances)


def _stirs(instance: Instance, target: Image) -> bool:
    settled = instance.provisioning_state.casefold() == "succeeded"
    return not settled or instance.runs(target)
