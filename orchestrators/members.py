"""One step per activity on the rollouts of a fleet rollout."""

from collections.abc import Sequence

from orchestrators.context import Context, Steps, Waiting
from rollout.command import Command
from rollout.fleet_order import WaveOrder
from rollout.fleet_task import (
    MembersRead,
    MemberStart,
    ReadMembers,
    SendBack,
    StartMember,
    TellRollouts,
    Told,
)
from rollout.order import RolloutOrder
from rollout.value import Value


class Members:
    """Calls the activities that ask Durable."""

    def __init__(self, context: Context, waiting: Waiting) -> None:
        self._context = context
        self._waiting = waiting

    def start(self, order: RolloutOrder) -> Steps[MemberStart]:
        return (yield from self._call("start_member", StartMember(order=order), MemberStart))

    def send_back(self, rollout_id: str, order: WaveOrder, command: Command) -> Steps[MemberStart]:
        task = SendBack(rollout_id=rollout_id, wave=order.instance_id, command=command)
        return (yield from self._call("send_back", task, MemberStart))

    def tell(self, rollout_ids: Sequence[str], command: Command) -> Steps[Told]:
        task = TellRollouts(rollout_ids=list(rollout_ids), command=command)
        return (yield from self._call("tell_rollouts", task, Told))

    def read(self, rollout_ids: Sequence[str]) -> Steps[MembersRead]:
        task = ReadMembers(rollout_ids=list(rollout_ids))
        return (yield from self._call("read_members", task, MembersRead))

    def _call[T: Value](self, activity: str, task: Value, gives: type[T]) -> Steps[T]:
        call = self._context.call_activity(activity, task.to_json())
        answer = yield from self._waiting(call)
        return gives.from_json(answer["value"])
