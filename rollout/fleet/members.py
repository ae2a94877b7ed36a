"""The scale sets of a fleet rollout, and the policy of each."""

from collections.abc import Iterable, Mapping, Sequence

from rollout.base import FieldError
from rollout.fleet.ids import rollout_id_of
from rollout.fleet.order import FleetMember, FleetOrder
from rollout.fleet.request import MOST_SCALE_SETS, FleetRolloutRequest, Wave
from rollout.gates import AlertGate, Gate, GatePlace
from rollout.inventory import ImageRequest, ScaleSetId, ScaleSetSummary
from rollout.plan import Policy
from rollout.run import health_flaw, image_errors


def scale_sets_of(wave: Wave, there: Sequence[ScaleSetSummary]) -> list[ScaleSetId]:
    """The scale sets of a wave, in order: those it lists, or those whose tags it selects."""
    if wave.selector is None:
        return wave.scale_sets or []
    group = (wave.selector.resource_group or "").casefold()
    subscription = (wave.selector.subscription or "").casefold()
    return [
        scale_set.id
        for scale_set in there
        if wave.selector.takes(scale_set.tags)
        and group in {"", scale_set.resource_group.casefold()}
        and subscription in {"", scale_set.id.subscription.casefold()}
    ]


def in_subscription(request: FleetRolloutRequest, default: str | None) -> FleetRolloutRequest:
    """The request with a subscription in every selector: the app's where it names none."""
    waves = [
        wave
        if wave.selector is None or wave.selector.subscription
        else wave.model_copy(
            update={"selector": wave.selector.model_copy(update={"subscription": default})}
        )
        for wave in request.waves
    ]
    return request.model_copy(update={"waves": waves})


def member_errors(
    request: FleetRolloutRequest,
    chosen: Sequence[Sequence[ScaleSetId]],
    there: Mapping[str, ScaleSetSummary],
) -> list[FieldError]:
    """What is wrong with the scale sets of the waves; `there` are those that exist, by key. Whether
    each can be rolled is checked now, not when the last wave begins.
    """
    errors = [*_duplicates(chosen), *_empty_waves(request, chosen)]
    for number, ids in enumerate(chosen):
        policy = request.policy_of(request.waves[number])
        errors += _gate_flaws(number, request.waves[number], policy, ids)
        for index, scale_set in enumerate(ids):
            path = f"waves[{number}].scaleSets[{index}]"
            if message := _flaw(scale_set, there.get(scale_set.key), request.image, policy):
                errors.append(FieldError(path=path, message=message))
    if sum(map(len, chosen)) > MOST_SCALE_SETS:
        message = f"are more than {MOST_SCALE_SETS} scale sets: start several fleet rollouts"
        errors.append(FieldError(path="waves", message=message))
    return errors


def _empty_waves(
    request: FleetRolloutRequest, chosen: Sequence[Sequence[ScaleSetId]]
) -> Iterable[FieldError]:
    for number, ids in enumerate(chosen):
        if not ids:
            name = request.waves[number].name
            message = f"selects no scale set for wave {name}: correct the tags, or leave it out"
            yield FieldError(path=f"waves[{number}].selector", message=message)


def _gate_flaws(
    number: int, wave: Wave, policy: Policy, ids: Sequence[ScaleSetId]
) -> Iterable[FieldError]:
    place = f"waves[{number}].policy" if wave.policy else "policy"
    for at, gate in enumerate(policy.gates):
        if message := unseen_alerts(gate, wave.name, ids):
            yield FieldError(path=f"{place}.gates[{at}].check", message=message)


def unseen_alerts(gate: Gate, wave: str, ids: Sequence[ScaleSetId]) -> str | None:
    """Why the gate would not see all alerts of a wave of these scale sets; None if it would. Alerts
    are those of one subscription: what fires in another one would never be seen.
    """
    if gate.place is not GatePlace.WAVE or not isinstance(gate.check, AlertGate):
        return None
    named = {resource.split("/")[2].casefold() for resource in gate.check.resources}
    subscriptions = named | {scale_set.subscription.casefold() for scale_set in ids}
    if len(subscriptions) <= 1:
        return None
    return (
        f"reads the alerts of one subscription, and wave {wave} is about "
        f"{', '.join(sorted(subscriptions))}: give each subscription a wave of its own"
    )


def _duplicates(chosen: Sequence[Sequence[ScaleSetId]]) -> Iterable[FieldError]:
    seen: set[str] = set()
    for number, ids in enumerate(chosen):
        for index, scale_set in enumerate(ids):
            if scale_set.key in seen:
                path = f"waves[{number}].scaleSets[{index}]"
                message = f"{scale_set} is in the waves twice: it can only be rolled once"
                yield FieldError(path=path, message=message)
            seen.add(scale_set.key)


def _flaw(
    scale_set: ScaleSetId, found: ScaleSetSummary | None, wanted: ImageRequest, policy: Policy
) -> str | None:
    if found is None:
        return f"there is no scale set {scale_set}"
    if found.upgrade_policy.mode.casefold() != "manual":
        return (
            f"the upgrade policy of {scale_set} is {found.upgrade_policy.mode}: set "
            "upgradePolicy.mode to Manual first"
        )
    if found.lasting:
        return found.reason
    for error in image_errors(wanted, found.image):
        return f"the image does not fit {scale_set}: {error.message}"
    flaw = health_flaw(policy, found.health_source)
    return f"policy.health.source does not fit {scale_set}: {flaw}" if flaw else None


def fleet_order(
    fleet_id: str,
    request: FleetRolloutRequest,
    chosen: Sequence[Sequence[ScaleSetId]],
    capacities: Mapping[str, int | None] | None = None,
) -> FleetOrder:
    """The order for these scale sets, wave by wave; `capacities` are how many instances each has,
    by key.
    """
    sizes = capacities or {}
    members = [
        [
            FleetMember(
                scale_set=scale_set,
                rollout_id=rollout_id_of(fleet_id, scale_set),
                policy=wave.name if wave.policy else "",
                instances=sizes.get(scale_set.key),
            )
            for scale_set in ids
        ]
        for wave, ids in zip(request.waves, chosen, strict=True)
    ]
    own = {wave.name: wave.policy for wave in request.waves if wave.policy}
    return FleetOrder(
        id=fleet_id, request=request, members=members, policies={"": request.policy, **own}
    )
