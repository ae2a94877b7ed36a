"""Is a scale set still well, some time after its rollout?"""

from rollout.amount import budget_of
from rollout.fleet import Fleet
from rollout.reading import named
from rollout.request import Policy


def relapsed(policy: Policy, fleet: Fleet) -> str | None:
    """Why a scale set that was rolled out cannot be called well, or None: instances that run the
    image of the model and are certainly unhealthy, more than may be
    (policy.maxUnhealthyUpgradedInstances).
    """
    image = fleet.scale_set.image
    sick = [
        one.instance_id
        for one in fleet.instances
        if image and one.image.same(image) and one.unhealthy and not one.off and not one.moving
    ]
    budget = budget_of(policy.max_unhealthy_upgraded_instances, len(fleet.instances))
    if len(sick) <= budget:
        return None
    return (
        f"{len(sick)} instance(s) on {image} are unhealthy, at most {budget} may be: {named(sick)}"
    )
