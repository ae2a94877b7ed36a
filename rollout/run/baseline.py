"""The state of every instance before the rollout touched it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from rollout.inventory import Instance, Inventory, pack_instances, unpack_instances

_INSTANCES, _ELSEWHERE, _CAME, _EXCLUDED = "instances", "elsewhere", "came", "excluded"


@dataclass(frozen=True)
class Baseline:
    """The instances before the rollout touched them."""

    instances: Mapping[str, Instance] = field(default_factory=dict[str, Instance])
    """Those of the rollout, by id: their images are for a rollback, their health for budgets."""
    elsewhere: Mapping[str, Instance] = field(default_factory=dict[str, Instance])
    """The others that existed when the first plan was made: it was not about them."""
    came: frozenset[str] = frozenset()
    """Those of the rollout that were not there when the first plan was made."""
    excluded: tuple[str, ...] = ()
    """Those that were unhealthy when a rollback began."""

    @classmethod
    def unpack(cls, packed: dict[str, Any]) -> "Baseline":
        """Read the result of `pack`."""
        others = packed.get(_ELSEWHERE)
        return cls(
            _by_id(Inventory.unpack(packed).instances),
            _by_id(Inventory.unpack(others).instances) if others else {},
            frozenset(packed.get(_CAME, [])),
        )

    def pack(self, now: Inventory) -> dict[str, Any]:
        """As a record keeps it: the scale set as it is now, with its instances as they were."""
        others = now.model_copy(update={"instances": list(self.elsewhere.values())})
        return {
            **self.inventory(now).pack(),
            **({_ELSEWHERE: others.pack()} if self.elsewhere else {}),
            **({_CAME: sorted(self.came)} if self.came else {}),
        }

    def handed_on(self) -> dict[str, Any]:
        """All of it, for the next generation of its orchestration."""
        return {
            _INSTANCES: pack_instances(self.instances.values()),
            _ELSEWHERE: pack_instances(self.elsewhere.values()),
            _CAME: sorted(self.came),
            _EXCLUDED: list(self.excluded),
        }

    @classmethod
    def taken_over(cls, handed: Mapping[str, Any]) -> "Baseline":
        """Read the result of `handed_on`."""
        return cls(
            _by_id(unpack_instances(handed[_INSTANCES])),
            _by_id(unpack_instances(handed[_ELSEWHERE])),
            frozenset(handed[_CAME]),
            tuple(handed[_EXCLUDED]),
        )

    @property
    def known(self) -> frozenset[str]:
        """All that were there before, selected or not."""
        return frozenset([*self.instances, *self.elsewhere]) - self.came

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
        if self.known:
            came = instances.keys() - self.instances.keys() - self.elsewhere.keys()
            return replace(self, instances=instances, came=self.came | came)
        others = {key: instance for key, instance in there.items() if key not in instances}
        return Baseline(instances, others)

    def including(self, instances: Mapping[str, Instance]) -> "Baseline":
        """With these among those that the rollout is about, as they were."""
        others = {key: other for key, other in self.elsewhere.items() if key not in instances}
        return replace(self, instances={**self.instances, **instances}, elsewhere=others)

    def excluding(self, unhealthy: Iterable[str]) -> "Baseline":
        """With these instances excluded from all budgets too."""
        return replace(self, excluded=(*self.excluded, *unhealthy))

    def inventory(self, now: Inventory) -> Inventory:
        """The scale set as it is now, with its instances as they were before."""
        return now.model_copy(update={"instances": list(self.instances.values())})

    def before(self, instance_id: str) -> Instance | None:
        """That instance as it was, if it was there when the first plan was made."""
        if instance_id in self.came:
            return None
        return self.instances.get(instance_id) or self.elsewhere.get(instance_id)

    @property
    def unhealthy(self) -> list[str]:
        """The instances that were unhealthy before the rollout touched them, or before a rollback
        began.
        """
        there = [*self.instances.values(), *self.elsewhere.values()]
        ids = [instance.instance_id for instance in there if instance.unhealthy]
        return list(dict.fromkeys([*ids, *self.excluded]))


def _by_id(instances: Iterable[Instance]) -> dict[str, Instance]:
    return {instance.instance_id: instance for instance in instances}
