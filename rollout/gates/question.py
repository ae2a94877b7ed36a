"""What a gate is asked with."""

from datetime import datetime

from rollout.base import Activity, Value
from rollout.gates.answered import Answered
from rollout.gates.gate import Gate, GatePlace
from rollout.inventory import ScaleSetIdField


class GateQuestion(Value):
    """One look at one gate. `instance_ids` are those of the batch (of the place start: none; of
    end: all that were upgraded), and `others` those that the rollout has yet to touch (of an alert:
    all there are). `since` is when the batch began (of an alert: the last one whose gates have
    passed), `began` when the rollout did, and `now` the time to go by: in simulations it is not
    that of the machine. `attempt` counts the questions of this gate at this place and batch.
    """

    rollout_id: str
    gate: Gate
    place: GatePlace
    scale_set: ScaleSetIdField
    instance_ids: list[str] = []
    others: list[str] = []
    batch: int = 0
    since: datetime
    began: datetime
    now: datetime
    attempt: int = 1


ASK_GATE = Activity("ask_gate", GateQuestion, Answered)
"""Asks once. It may run twice: then it is asked twice."""
