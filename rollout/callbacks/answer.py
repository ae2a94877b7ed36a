"""What comes back to an address of ours."""

import json
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, Field, JsonValue, StringConstraints, model_validator

from rollout.base import Request, Value, sentence, without_secrets

ANSWER = "answer"
"""The external event that carries one."""
ANSWERS_HEARD = 40
"""How many one generation of an orchestration hears: far more than it can ask. Who asks nobody
listens to none.
"""
_LONGEST_EVIDENCE = 2000


class CallbackVerdict(StrEnum):
    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    LOOK_AGAIN = "lookAgain"


class CallbackAnswer(Request):
    """The answer to a question. `lookAgain` with `at`: it will be known then, ask once more."""

    verdict: CallbackVerdict
    at: AwareDatetime | None = Field(
        default=None, description="With lookAgain: when to ask again, with the time zone."
    )
    message: Annotated[str, StringConstraints(strict=True, max_length=1000)] | None = Field(
        default=None, description="A sentence for people."
    )
    evidence: dict[str, JsonValue] = Field(
        default_factory=dict[str, Any],
        description="What it is based on, for the log: 2,000 characters of JSON at most.",
    )

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        again = self.verdict is CallbackVerdict.LOOK_AGAIN
        if again and self.at is None:
            raise ValueError("at is required with lookAgain: when to ask again")
        if self.at is not None and not again:
            raise ValueError(f"at means nothing with {self.verdict}: leave it out")
        if len(json.dumps(self.evidence, allow_nan=False)) > _LONGEST_EVIDENCE:
            raise ValueError(f"evidence is longer than {_LONGEST_EVIDENCE} characters of JSON")
        return self

    def said_by(self, whom: str) -> str:
        """In a sentence, without what looks like a secret."""
        said = f"{whom} answered {self.verdict}"
        if self.at:
            said = f"{said} at {self.at:%Y-%m-%d %H:%M:%S %Z}"
        return f"{said}: {sentence(without_secrets(self.message))}" if self.message else said


class TakenAnswer(Value):
    """The response to an answer: which question it is to, and what it said."""

    id: str
    verdict: CallbackVerdict


class HeardAnswer(Value):
    """The answer to the question of that id, as an event brings it."""

    question: str
    answer: CallbackAnswer

    @classmethod
    def of_event(cls, value: Any) -> "HeardAnswer | None":
        """None for anything else: anybody may have raised it."""
        try:
            return cls.from_json(value)
        except ValueError:
            return None
