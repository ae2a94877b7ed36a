"""What one question about a gate came to."""

from enum import StrEnum
from typing import Any

from pydantic import Field

from rollout.base import Duration, Value


class GateVerdict(StrEnum):
    """Of one answer. Unknown: it could not be told; not yet: ask again later."""

    PASSED = "pass"
    FAILED = "fail"
    UNKNOWN = "unknown"
    NOT_YET = "notYet"


class Answered(Value):
    """The verdict of one answer, in a sentence with its numbers ("0.2 % < 1 %"), and what it was
    based on: small, since it is kept in the log. `after` is when to ask again, if it says so.
    """

    verdict: GateVerdict
    message: str
    evidence: dict[str, Any] = Field(default_factory=dict[str, Any])
    after: Duration | None = None

    @classmethod
    def unknown(cls, message: str, **evidence: Any) -> "Answered":
        """It could not be told, for that reason."""
        return cls(verdict=GateVerdict.UNKNOWN, message=message, evidence=evidence)
