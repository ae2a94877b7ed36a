"""Is a scale set healthy on its image some time after its rollout?"""

from dataclasses import dataclass

from rollout.base import budget_of, named
from rollout.inventory import Health, Image, Instance, Inventory
from rollout.plan import Policy


@dataclass(frozen=True)
class PostBakeCheck:
    """What a scale set shows. Only an instance that runs the model's image says something about it;
    one that is switched off, or still being changed, says nothing.
    """

    policy: Policy
    inventory: Inventory

    @property
    def healthy(self) -> int:
        """How many instances run the model's image, and are healthy."""
        return sum(instance.health is Health.HEALTHY for instance in self._running_it)

    @property
    def settled(self) -> bool:
        """Whether looking again would say nothing else: somebody is healthy, or nobody is there
        who could be.
        """
        return self.healthy > 0 or not self._running_it

    @property
    def failure(self) -> str | None:
        """Why it is not healthy, or None: more instances than allowed
        (policy.maxUnhealthyUpgradedInstances) run the model's image and are certainly unhealthy.
        """
        unhealthy = [instance.instance_id for instance in self._running_it if instance.unhealthy]
        total = len(self.inventory.instances)
        budget = budget_of(self.policy.max_unhealthy_upgraded_instances, total)
        if len(unhealthy) <= budget:
            return None
        return (
            f"{len(unhealthy)} instance(s) on {self._image} are unhealthy, at most {budget} may "
            f"be: {named(unhealthy)}"
        )

    @property
    def _image(self) -> Image | None:
        return self.inventory.scale_set.image

    @property
    def _running_it(self) -> list[Instance]:
        image = self._image
        return [
            instance
            for instance in self.inventory.instances
            if image and instance.image.same(image) and not (instance.off or instance.moving)
        ]
