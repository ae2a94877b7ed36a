"""What users should know before they start, although it does not prevent the start."""

from collections.abc import Iterator

from rollout.base import named
from rollout.inventory import Image, Instance, Inventory, source_used
from rollout.plan.policy import Policy

_FLEXIBLE = (
    "Flexible orchestration: Azure documents manualupgrade with VM names for it, and elsewhere to "
    "act on single VMs instead. Should Azure refuse it, the rollout stops at its first batch: the "
    "scale set's image is the new one then, and no instance was touched"
)
_POWER_STATE_ONLY = (
    "Nobody reports the health of these instances: one that runs and is provisioned counts as "
    "healthy, so an image that boots but does not serve would be rolled out to all of them. Add "
    "the Application Health extension to the scale set's model to have that noticed"
)
_POWER_STATE_CHOSEN = (
    "policy.health.source is powerState, although the instances can report their health: an image "
    "that boots but does not serve would be rolled out to all of them. Leave the source out to "
    "have that noticed"
)
_NO_SOURCE = (
    "policy.health.source is applicationHealth, but the scale set's model names no source of "
    "health: an instance that reports none fails when health.timeout is over"
)


def plan_warnings(policy: Policy, inventory: Inventory, target: Image) -> list[str]:
    """Warnings that follow from the policy and the current state of the scale set."""
    return [
        *_of_health_source(policy, reports_health=inventory.scale_set.reports_health),
        *_of_manager(inventory),
        *([_FLEXIBLE] if inventory.scale_set.flexible else []),
        *_of_open_model(inventory),
        *_of_moving(inventory),
        *_of_unhealthy_on_target(inventory, target),
    ]


def pending_changes(inventory: Inventory) -> list[str]:
    """A warning if instances lack other changes of the model. Only for an inventory as it was read:
    its packed form does not keep what this takes.
    """
    model = inventory.scale_set.image
    lacking = [
        instance.instance_id
        for instance in sorted(inventory.instances, key=lambda instance: instance.order)
        if instance.latest_model_applied is False and model and _runs(instance, model)
    ]
    if not lacking:
        return []
    warning = (
        f"{len(lacking)} instance(s) run the image of the scale set's model and yet do not have "
        f"all of it: {named(lacking)}. Its other changes come to them together with the image, and "
        "a rollback does not take those back"
    )
    return [warning]


def as_in(rollout_id: str) -> str:
    """A warning for a rollout that goes by the power state because that earlier one did."""
    return (
        "policy.health.source is auto, and nobody reports the health of these instances: as in "
        f"rollout {rollout_id!r}, whose policy said powerState, the power state counts"
    )


def _runs(instance: Instance, model: Image) -> bool:
    """Whether it is not for its image that it lacks the latest model."""
    return instance.image.same(model) or (model.open and instance.image.family == model.family)


def _of_health_source(policy: Policy, *, reports_health: bool) -> Iterator[str]:
    if source_used(policy.health.source, reports_health=reports_health) == "powerState":
        yield _POWER_STATE_CHOSEN if reports_health else _POWER_STATE_ONLY
    elif not reports_health:
        yield _NO_SOURCE


def _of_manager(inventory: Inventory) -> Iterator[str]:
    manager = inventory.scale_set.managed_by
    if manager and manager.caution:
        yield manager.caution


def _of_open_model(inventory: Inventory) -> Iterator[str]:
    model = inventory.scale_set.image
    if model and model.open:
        yield (
            f"The scale set's image is {model}, which leaves the version open. A rollout sets it "
            "to one version, and a rollback leaves it at the version that most instances run now: "
            "the open one may mean the version that failed"
        )


def _of_moving(inventory: Inventory) -> Iterator[str]:
    """An operation that hangs would be noticed only when its batch is due."""
    by_state: dict[str, list[str]] = {}
    for instance in sorted(inventory.instances, key=lambda instance: instance.order):
        if instance.moving:
            by_state.setdefault(instance.provisioning_state, []).append(instance.instance_id)
    for state, ids in by_state.items():
        yield (
            f"{len(ids)} instance(s) are {state}: {named(ids)}. Another operation runs on them; "
            "if it hangs, it holds up their batch"
        )


def _of_unhealthy_on_target(inventory: Inventory, target: Image) -> Iterator[str]:
    in_order = sorted(inventory.instances, key=lambda instance: instance.order)
    unhealthy = [
        instance.instance_id
        for instance in in_order
        if instance.runs(target) and instance.unhealthy
    ]
    if unhealthy:
        yield (
            f"{len(unhealthy)} instance(s) run the target image already and are not healthy or not "
            f"running: {named(unhealthy)}. A rollout leaves them as they are"
        )
