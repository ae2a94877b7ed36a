"""Which instances a rollout selects."""

from collections.abc import Callable, Sequence

from rollout.base import FieldError, named
from rollout.inventory import Instance, Inventory
from rollout.plan.policy import Policy


def selected(policy: Policy, inventory: Inventory) -> list[Instance]:
    """The instances of the scale set that the policy selects: all, unless it is restricted."""
    ids = (
        None
        if policy.instance_ids is None
        else {instance_id.casefold() for instance_id in policy.instance_ids}
    )
    return [
        instance
        for instance in inventory.instances
        if _placed(policy, instance) and _named(ids, instance)
    ]


def _placed(policy: Policy, instance: Instance) -> bool:
    return (
        (policy.update_domains is None or instance.update_domain in policy.update_domains)
        and (policy.fault_domains is None or instance.fault_domain in policy.fault_domains)
        and (policy.zones is None or instance.zone in policy.zones)
    )


def _named(ids: set[str] | None, instance: Instance) -> bool:
    """In a Flexible scale set, ids are names, and Azure's names are case-insensitive."""
    return ids is None or instance.instance_id.casefold() in ids


def selection_errors(policy: Policy, inventory: Inventory) -> list[FieldError]:
    """What the policy selects that does not exist, each with its path."""
    errors = [
        *_unknown(
            policy.update_domains,
            inventory,
            "updateDomains",
            lambda instance: instance.update_domain,
        ),
        *_unknown(
            policy.fault_domains, inventory, "faultDomains", lambda instance: instance.fault_domain
        ),
        *_unknown(policy.zones, inventory, "zones", lambda instance: instance.zone),
        *_unknown(
            policy.instance_ids, inventory, "instanceIds", lambda instance: instance.instance_id
        ),
        *_ungrouped(policy, inventory),
    ]
    if inventory.instances and not errors and not selected(policy, inventory):
        errors.append(FieldError(path="policy", message="selects no instance of this scale set"))
    return errors


def _unknown(
    wanted: Sequence[str | int] | None,
    inventory: Inventory,
    field: str,
    read: Callable[[Instance], str | int | None],
) -> list[FieldError]:
    in_order = sorted(inventory.instances, key=lambda instance: instance.order)
    there = list(
        dict.fromkeys(value for instance in in_order if (value := read(instance)) is not None)
    )
    there = there if field == "instanceIds" else sorted(there)
    known = {str(value).casefold() for value in there}
    return [
        FieldError(path=f"policy.{field}[{index}]", message=_absence(value, there))
        for index, value in enumerate(wanted or [])
        if str(value).casefold() not in known
    ]


def _absence(value: str | int, there: Sequence[str | int]) -> str:
    if not there:
        return f"{value} does not exist: the instances of this scale set have none"
    return f"{value} does not exist in this scale set: there are {named(there)}"


def _ungrouped(policy: Policy, inventory: Inventory) -> list[FieldError]:
    has: dict[str, Callable[[Instance], bool]] = {
        "updateDomain": lambda instance: instance.update_domain is not None,
        "zone": lambda instance: instance.zone is not None,
        "faultDomain": lambda instance: instance.fault_domain is not None,
    }
    if policy.batch_by not in has or all(
        has[policy.batch_by](instance) for instance in inventory.instances
    ):
        return []
    message = f"is {policy.batch_by}, but not every instance of this scale set has one: use auto"
    return [FieldError(path="policy.batchBy", message=message)]
