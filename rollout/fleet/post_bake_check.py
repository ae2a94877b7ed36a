"""Is a scale set still healthy some time after its rollout?"""

from rollout.base import budget_of, named
from rollout.inventory import Image, Instance, Inventory
from rollout.plan import Policy


def post_bake_failure(policy: Policy, inventory: Inventory) -> str | None:
    """Why a rolled-out scale set is not healthy, or None: more instances than allowed
    (policy.maxUnhealthyUpgradedInstances) run the model's image and are certainly unhealthy.
    """
    image = inventory.scale_set.image
    unhealthy = [
        instance.instance_id
        for instance in inventory.instances
        if image and _unhealthy_on(image, instance)
    ]
    budget = budget_of(policy.max_unhealthy_upgraded_instances, len(inventory.instances))
    if len(unhealthy) <= budget:
        return None
    return (
        f"{len(unhealthy)} instance(s) on {image} are unhealthy, at most {budget} may be: "
        f"{named(unhealthy)}"
    )


def _unhealthy_on(image: Image, instance: Instance) -> bool:
    """An instance that is switched off, or still being changed, says nothing about the image."""
    excluded = instance.off or instance.moving
    return instance.image.same(image) and instance.unhealthy and not excluded
