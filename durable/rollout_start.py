"""Plans and starts a rollout: every check that can refuse it, before Durable decides who wins."""

from datetime import datetime
from http import HTTPStatus

from durable.azure_reads import Inspect, TryGates
from durable.client import Client, OrchestrationInstance, started_as
from durable.line import refuse_if_stopped
from durable.lock import id_taken, is_start_of, refuse_if_locked, start_locked
from durable.precedent import Admitted, inspected_as_before
from durable.rollouts import find_rollout
from rollout.base import Caller, Refused, differences
from rollout.gates import Gate, GateQuestion, GateTrial
from rollout.inventory import ScaleSetId
from rollout.plan import Plan, RolloutRequest
from rollout.run import ROLL_OUT, RolloutOrder, RolloutView

NOT_ALLOWED = (
    "was not tried: neither the plan of a fleet rollout calls its address, nor that of somebody "
    "who may not start"
)
NO_TIME = "was not tried: Azure did not say when it answered"


async def start_rollout(
    client: Client,
    inspect: Inspect,
    request: RolloutRequest,
    made_id: str,
    token: str,
    caller: Caller | None,
) -> tuple[RolloutView, HTTPStatus]:
    """Start the rollout; or find that the same one was started before, and has ended (200). `token`
    is different for each call; `caller` is who is signed in.

    Raises Refused: 400, 404 or 409 if the rollout must not begin, 409 if another one has the scale
    set or the id, or if the line is stopped. Then nothing was started, and nothing was changed.
    """
    order = RolloutOrder(id=request.id or made_id, request=request, started_by=caller)
    if same := await _started_before(client, order):
        return same, HTTPStatus.OK if same.phase.ended else HTTPStatus.ACCEPTED
    await refuse_if_stopped(client)
    await refuse_if_locked(client, request.scale_set, order.id)
    try:
        admitted = await inspected_as_before(client, inspect, request)
    except Refused:
        # Another start may have won meanwhile: then that is the reason, or it was the same one.
        if same := await _started_before(client, order):
            return same, HTTPStatus.ACCEPTED
        await refuse_if_locked(client, request.scale_set, order.id)
        raise
    found = admitted.inspection
    read = {"run": token, "inspected": found.without_calendar, "calendar": found.calendar}
    order = order.as_in(admitted.as_in).model_copy(update=read)
    await start_locked(client, order, token)
    view = await find_rollout(client, order.id)
    return view or RolloutView.waiting(order.id, order.request), HTTPStatus.ACCEPTED


async def plan_rollout(
    client: Client, inspect: Inspect, request: RolloutRequest, try_gates: TryGates | None
) -> Plan:
    """What a rollout would do; nothing is changed. Raises Refused as a start would: while a rollout
    is active on the scale set, that is the reason, whatever it looks like in Azure. Without
    `try_gates` its gates are not asked.
    """
    await _refuse_if_active(client, request.scale_set)
    try:
        admitted = await inspected_as_before(client, inspect, request)
    except Refused:
        await _refuse_if_active(client, request.scale_set)  # one may have begun meanwhile
        raise
    plan = admitted.plan.calling(admitted.request.policy.hooks)
    return plan.tried(await _trials(admitted, try_gates))


async def _trials(admitted: Admitted, try_gates: TryGates | None) -> list[GateTrial]:
    """By Azure's time: that of the machine may be another one in a simulation."""
    gates, listing = admitted.request.policy.gates, admitted.inspection.listing
    if not gates:
        return []
    if try_gates is None:
        return [GateTrial.untried(gate, NOT_ALLOWED) for gate in gates]
    if listing is None or listing.at is None:
        return [GateTrial.untried(gate, NO_TIME) for gate in gates]
    asked = [_question(admitted, gate, listing.at) for gate in gates]
    return await try_gates(asked)


def _question(admitted: Admitted, gate: Gate, now: datetime) -> GateQuestion:
    """As it would be asked about the first batch, if that began now."""
    batches = admitted.plan.batches
    return GateQuestion(
        rollout_id=admitted.request.id or "plan",
        gate=gate,
        place=gate.place,
        scale_set=admitted.request.scale_set,
        instance_ids=batches[0].instance_ids if batches else [],
        since=now,
        began=now,
        now=now,
    )


async def _refuse_if_active(client: Client, scale_set: ScaleSetId) -> None:
    await refuse_if_locked(client, scale_set, rollout_id="")


async def _started_before(client: Client, order: RolloutOrder) -> RolloutView | None:
    instance = await started_as(client, order.id)
    if instance is None:
        return None
    if is_start_of(instance, order):
        return await find_rollout(client, order.id)
    raise Refused(id_taken(order.id, _differing(instance, order)))


def _differing(instance: OrchestrationInstance, order: RolloutOrder) -> list[str]:
    """The fields in which that instance's request is another one; none if it is no rollout."""
    started = instance.started_with(ROLL_OUT, RolloutOrder)
    if started is None:
        return []
    other = started.asked
    fields = differences(other.to_json(), order.request.to_json())
    same = {"id", *({"scaleSet"} if other.scale_set == order.request.scale_set else ())}
    return [field for field in fields if field not in same]
