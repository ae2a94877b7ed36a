"""Which instances a rollout is about."""

from collections.abc import Callable, Sequence

from rollout.fleet import Fleet, Instance
from rollout.problem import FieldError
from rollout.reading import named
from rollout.request import Policy


def selected(policy: Policy, fleet: Fleet) -> list[Instance]:
    """The instances of `fleet` that the policy selects: all of them when it names none."""
    ids = None if policy.instance_ids is None else {one.casefold() for one in policy.instance_ids}
    return [one for one in fleet.instances if _placed(policy, one) and _named(ids, one)]


def _placed(policy: Policy, one: Instance) -> bool:
    return (
        (policy.update_domains is None or one.update_domain in policy.update_domains)
        and (policy.fault_domains is None or one.fault_domain in policy.fault_domains)
        and (policy.zones is None or one.zone in policy.zones)
    )


def _named(ids: set[str] | None, one: Instance) -> bool:
    """The ids of a Flexible scale set are names, and Azure's names have no case."""
    return ids is None or one.instance_id.casefold() in ids


def selection_errors(policy: Policy, fleet: Fleet) -> list[FieldError]:
    """What the policy selects that does not exist, each with its path."""
    errors = [
        *_unknown(policy.update_domains, fleet, "updateDomains", lambda one: one.update_domain),
        *_unknown(policy.fault_domains, fleet, "faultDomains", lambda one: one.fault_domain),
        *_unknown(policy.zones, fleet, "zones", lambda one: one.zone),
        *_unknown(policy.instance_ids, fleet, "instanceIds", lambda one: one.instance_id),
        *_ungrouped(policy, fleet),
    ]
    if fleet.instances and not errors and not selected(policy, fleet):
        errors.append(FieldError(path="policy", message="selects no instance of this scale set"))
    return errors


def _unknown(
    wanted: Sequence[str | int] | None,
    fleet: Fleet,
    field: str,
    read: Callable[[Instance], str | int | None],
) -> list[FieldError]:
    in_order = sorted(fleet.instances, key=lambda one: one.order)
    there = list(dict.fromkeys(value for one in in_order if (value := read(one)) is not None))
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


def _ungrouped(policy: Policy, fleet: Fleet) -> list[FieldError]:
    has: dict[str, Callable[[Instance], bool]] = {
        "updateDomain": lambda one: one.update_domain is not None,
        "zone": lambda one: one.zone is not None,
        "faultDomain": lambda one: one.fault_domain is not None,
    }
    if policy.batch_by not in has or all(has[policy.batch_by](one) for one in fleet.instances):
        return []
    message = f"is {policy.batch_by}, but not every instance of this scale set has one: use auto"
    return [FieldError(path="policy.batchBy", message=message)]
