"""The state of every instance before the rollout touched it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from rollout.inventory import Instance, Inventory


@dataclass(frozen=True)
class Baseline:
    """The instances before the rollout touched them."""

    instances: Mapping[str, Instance] = field(default_factory=dict[str, Instance])
    """Those of the rollout, by id: their images are for a rollback, their health for budgets."""
    known: frozenset[str] = frozenset()
    """All that existed when the first plan was made, selected or not."""
    unhealthy_elsewhere: tuple[str, ...] = ()
    """Those outside the selection that were unhealthy then."""

    @classmethod
    def of(cls, instances: Iterable[Instance]) -> "Baseline":
        """For a rollout that has ended: which other instances existed is no longer known."""
        return cls({instance.instance_id: instance for instance in instances})

    def joined_by(self, selected: Iterable[str], there: Mapping[str, Instance]) -> "Baseline":
        """With the selected instances as they are now, unless known before, and each with its
        current placement. The first call also notes which other instances exist.
        """
        wanted = {*self.instances, *selected}
        instances = {
            instance_id: self.instances.get(instance_id, now).placed_like(now)
            for instance_id, now in {**self.instances, **there}.items()
            if instance_id in wanted
        }
        if self.instances or self.known:
            return replace(self, instances=instances)
        elsewhere = tuple(
            instance_id
            for instance_id, instance in there.items()
            if instance.unhealthy and instance_id not in instances
        )
        return Baseline(instances, frozenset(there), elsewhere)

    def excluding(self, unhealthy: Iterable[str]) -> "Baseline":
        """With these instances excluded from all budgets too."""
        return replace(self, unhealthy_elsewhere=(*self.unhealthy_elsewhere, *unhealthy))

    def inventory(self, now: Inventory) -> Inventory:
        """The scale set as it is now, with its instances as they were before."""
        return now.model_copy(update={"instances": list(self.instances.values())})

    @property
    def unhealthy(self) -> list[str]:
        """The instances that were unhealthy before the rollout touched them, or before it began."""
        ids = [instance.instance_id for instance in self.instances.values() if instance.unhealthy]
        return [*ids, *self.unhealthy_elsewhere]
