"""The kind callback: we tell their URL where to answer, and they answer when they know."""

from datetime import timedelta
from typing import Any, Literal

from pydantic import Field

from rollout.base import PositiveDuration, Request
from rollout.gates.target import Headers, Url, secrets_in


class CallbackGate(Request):
    """Posts to a URL where and until when to answer. The answer comes once: pass, fail, or when to
    be asked again.
    """

    kind: Literal["callback"]
    url: Url = Field(description='An https address, or {"secret": "NAME"} if it is secret itself.')
    headers: Headers = Field(
        default_factory=dict[str, Any],
        max_length=20,
        description='Header values; {"secret": "NAME"} for those that are secret.',
    )
    answer_within: PositiveDuration = Field(
        default=timedelta(hours=1),
        description="How long an answer may take; then the question is put once more.",
    )

    @property
    def secrets(self) -> list[str]:
        """The names of those that it needs."""
        return secrets_in(self.url, self.headers)
