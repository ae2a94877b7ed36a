"""A URL that gates and hooks call, and what its answer means."""

import json
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, StrictInt

from rollout.base import PositiveDuration, Request, sentence
from rollout.gates.answered import Answered, GateVerdict
from rollout.gates.condition import Condition, NoVerdict, holds
from rollout.gates.target import Headers, Url, host_of, secrets_in

_FINE = range(200, 300)
_SAYS_NOTHING = {401, 403, 407, 408, 425, 429, *range(300, 400), *range(500, 600)}
"""What a host answers that does not know us, has moved, or has no time: nothing about what was
asked.
"""
_MOST_OF_A_BODY = 200

Status = Annotated[StrictInt, Field(ge=100, le=599)]


class HttpCall(Request):
    """Calls a URL. It passes if the status is one of `status` and `condition`, a JMESPath
    expression over the JSON that was answered, is true.
    """

    kind: Literal["http"]
    url: Url = Field(description='An https address, or {"secret": "NAME"} if it is secret itself.')
    headers: Headers = Field(
        default_factory=dict[str, Any],
        max_length=20,
        description='Header values; {"secret": "NAME"} for those that are secret.',
    )
    status: list[Status] | None = Field(
        default=None, min_length=1, max_length=20, description="Those that pass; 200 to 299."
    )
    condition: Condition | None = Field(
        default=None,
        description="JMESPath, answered by the JSON of the body: true passes, false fails, and "
        "anything else is no verdict.",
    )
    not_yet: Condition | None = Field(
        default=None, description="JMESPath: while it is true, the answer counts as not yet."
    )
    answer_within: Annotated[PositiveDuration, Field(le=timedelta(seconds=30))] = Field(
        default=timedelta(seconds=10), description="How long one answer may take."
    )

    @property
    def sent_as(self) -> str:
        """The method of the call."""
        return "POST"

    @property
    def secrets(self) -> list[str]:
        """The names of those that it needs."""
        return secrets_in(self.url, self.headers)

    def judged(self, status: int, body: bytes, retry_after: timedelta | None = None) -> Answered:
        """The verdict of what was answered, and when to ask again, if the host says that."""
        return self._verdict(status, body).model_copy(update={"after": retry_after})

    def _verdict(self, status: int, body: bytes) -> Answered:
        said = f"{self.sent_as} {host_of(self.url)} answered {status}"
        evidence = {"status": status, **_excerpt(body)}
        if not self._passes(status):
            verdict = GateVerdict.UNKNOWN if status in _SAYS_NOTHING else GateVerdict.FAILED
            return Answered(verdict=verdict, message=said, evidence=evidence)
        if self.condition is None and self.not_yet is None:
            return Answered(verdict=GateVerdict.PASSED, message=said, evidence=evidence)
        return self._read(said, body, evidence)

    def _passes(self, status: int) -> bool:
        return status in (self.status or _FINE)

    def _read(self, said: str, body: bytes, evidence: dict[str, Any]) -> Answered:
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            return Answered.unknown(f"{said}, but no JSON", **evidence)
        try:
            if self.not_yet and holds(self.not_yet, document):
                message = f"{said}: {self.not_yet}"
                return Answered(verdict=GateVerdict.NOT_YET, message=message, evidence=evidence)
            passed = self.condition is None or holds(self.condition, document)
        except NoVerdict as error:
            return Answered.unknown(f"{said}, but {error}", **evidence)
        verdict = GateVerdict.PASSED if passed else GateVerdict.FAILED
        asked = f", and {self.condition} is {str(passed).lower()}" if self.condition else ""
        return Answered(verdict=verdict, message=f"{said}{asked}", evidence=evidence)


def _excerpt(body: bytes) -> dict[str, str]:
    """What may help to understand the verdict."""
    text = body[: 4 * _MOST_OF_A_BODY].decode("utf-8", "replace")
    return {"answer": sentence(text, _MOST_OF_A_BODY)} if text.strip() else {}
