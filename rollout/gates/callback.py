"""The kind callback: we ask their URL with an address of ours, and they answer when they know. The
gates of that kind, and what hooks share with them.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue

from rollout.base import PositiveDuration, Request, Secret
from rollout.callbacks import CallbackAnswer, CallbackTarget, CallbackVerdict, Posted
from rollout.gates.answered import Answered, GateVerdict
from rollout.gates.target import Headers, Url, host_of, secrets_in

GATE = "gate"
"""The kind of its questions."""
_VERDICTS = {
    CallbackVerdict.PASS: GateVerdict.PASSED,
    CallbackVerdict.FAIL: GateVerdict.FAILED,
    CallbackVerdict.LOOK_AGAIN: GateVerdict.NOT_YET,
}
_LONGEST = timedelta(days=366)


class CallbackCall(Request):
    """Posts a question to a URL, and waits for the answer at an address of the app's, which is in
    the question.
    """

    kind: Literal["callback"]
    url: Url = Field(description='An https address, or {"secret": "NAME"} if it is secret itself.')
    headers: Headers = Field(
        default_factory=dict[str, Any],
        max_length=20,
        description='Header values; {"secret": "NAME"} for those that are secret.',
    )
    body: JsonValue = Field(default=None, description="Any JSON: it is the question's body.")
    key: Secret | None = Field(
        default=None, description="Signs the question, as Standard Webhooks 1.0 says."
    )
    answer_within: Annotated[PositiveDuration, Field(le=timedelta(seconds=30))] = Field(
        default=timedelta(seconds=10),
        description="How long their URL may take to accept the question. (The answer may take as "
        "long as the timeout.)",
    )

    @property
    def secrets(self) -> list[str]:
        """The names of those that it needs."""
        signs = [self.key.secret] if self.key else []
        return [*secrets_in(self.url, self.headers), *signs]

    @property
    def target(self) -> CallbackTarget:
        return CallbackTarget(
            url=self.url,
            headers=dict(self.headers),
            body=self.body,
            key=self.key,
            answer_within=self.answer_within,
        )

    def judged(self, answer: CallbackAnswer, now: datetime) -> Answered:
        """The verdict of an answer, and when to ask again if it says so."""
        after = None if answer.at is None else min(max(answer.at - now, timedelta(0)), _LONGEST)
        return Answered(
            verdict=_VERDICTS[answer.verdict],
            message=answer.said_by(host_of(self.url)),
            evidence=dict(answer.evidence),
            after=after,
        )

    def asked(self, expires: datetime, after: timedelta) -> Answered:
        """While they have the question, and have not answered."""
        until = f"{expires:%Y-%m-%d %H:%M:%S} UTC"
        message = f"{host_of(self.url)} was asked, and has until {until} to answer"
        wait = max(after, timedelta(0))
        return Answered(verdict=GateVerdict.NOT_YET, message=message, after=wait)

    def not_asked(self, posted: Posted) -> Answered:
        """They may not have the question."""
        return Answered.unknown(f"{host_of(self.url)} could not be asked: {posted.message}")


class CallbackGate(CallbackCall):
    """Posts a question to a URL, and waits for the answer at an address of the app's, which is in
    the question. Until it comes, or its time is over, the gate is not yet.
    """
