"""How a question is asked: a POST to somebody else's address."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import JsonValue

from rollout.base import Activity, Secret, Value
from rollout.callbacks.questions import OpenQuestion
from rollout.inventory import ScaleSetIdField


class CallbackTarget(Value):
    """Where a question goes, and how: `body` is the user's own part of it, `key` signs it."""

    url: str | Secret
    headers: dict[str, str | Secret] = {}
    body: JsonValue = None
    key: Secret | None = None
    answer_within: timedelta = timedelta(seconds=10)


class Asking(Value):
    """What is asked: a `kind` of thing ("gate") with its name. `instance` is the orchestration that
    waits for the answer, until `expires`; `more` is what else the question says. `call_id` if it
    may be asked several times about the same, and who is asked must see that: it is the same then.
    Of a fleet rollout, whose id `rollout_id` is then, it is asked after that `wave`.
    """

    instance: str
    rollout_id: str
    scale_set: ScaleSetIdField | None = None
    wave: str = ""
    kind: str
    name: str
    place: str
    batch: int
    instance_ids: list[str] = []
    expires: datetime
    target: CallbackTarget
    more: dict[str, Any] = {}
    call_id: str = ""

    @property
    def about(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def subject(self) -> list[object]:
        """What an answer is about: it never counts for another batch, or for other instances."""
        call = [self.call_id] if self.call_id else []
        return [self.rollout_id, self.about, self.place, self.batch, self.instance_ids, *call]

    @property
    def where(self) -> dict[str, Any]:
        """Whose question it is."""
        if self.scale_set is None:
            return {"fleetRollout": self.rollout_id}
        return {"rollout": self.rollout_id, "scaleSet": str(self.scale_set)}

    @property
    def step(self) -> dict[str, Any]:
        """After or before what it is asked."""
        if self.scale_set is None:
            return {"wave": self.wave}
        return {"batch": self.batch, "instanceIds": self.instance_ids}


class PostQuestion(Value):
    """One POST. `now` is the time to go by: in simulations it is not that of the machine."""

    asking: Asking
    question: OpenQuestion
    now: datetime

    @property
    def valid_for(self) -> timedelta:
        """How long it may be answered from now on."""
        return max(timedelta(0), self.question.expires - self.now)

    def document(self, callback: str) -> dict[str, Any]:
        """The JSON that is sent; the answer goes to the address `callback`."""
        asked = self.asking
        own = {} if asked.target.body is None else {"body": asked.target.body}
        named = {"id": asked.call_id, "question": self.question.id} if asked.call_id else {}
        return {
            "id": self.question.id,
            **asked.where,
            asked.kind: asked.name,
            "place": asked.place,
            **asked.step,
            **asked.more,
            **named,
            "expires": self.question.expires.isoformat(),
            "callback": callback,
            **own,
        }


class Posted(Value):
    """What came of it: `message` says why it was not taken."""

    delivered: bool
    message: str = ""


POST_QUESTION = Activity("post_question", PostQuestion, Posted)
"""Posts it once. Run twice, it posts the same question under the same id."""
