"""What one question about a gate came to."""

from enum import StrEnum
from typing import Any

from pydantic import Field

from rollout.base import Value


class GateVerdict(StrEnum):
    """Of one answer. Unknown: it could not be told; not yet: ask again later."""

    PASSED = "pass"
    FAILED = "fail"
    UNKNOWN = "unknown"
    NOT_YET = "notYet"


class Answered(Value):
    """The verdict of one answer, in a sentence with its numbers ("would pass: 0.2 % < 1 %"), and
    what it was based on: small, since it is kept in the log.
    """

    verdict: GateVerdict
    message: str
    evidence: dict[str, Any] = Field(default_factory=dict[str, Any])
