"""An operator's command: a verb, with who gave it, why, and for which instances."""

from typing import Any

from rollout.base import InstanceIds, Request, Text, shortened
from rollout.run.verb import Verb

_FEW = 128
"""In characters of JSON."""


class CommandBody(Request):
    """The optional request body of a verb."""

    reason: Text | None = None
    by: Text | None = None
    instance_ids: InstanceIds | None = None


class Command(CommandBody):
    """A verb with who gave it, why, and for which instances. `step` is the number of the batch or
    wave that had begun last when it was given; None if that does not matter.
    """

    verb: Verb
    step: int | None = None

    @classmethod
    def of_event(cls, value: Any) -> "Command | None":
        """The command in an event that anybody may have raised; None if it is not a command."""
        try:
            return cls.from_json(value)
        except ValueError:
            return None

    def is_late(self, step: int) -> bool:
        """Whether it lets go on what has gone on since: an operator's answer about one batch must
        not count for the next one, which that operator has not seen.
        """
        return self.verb.goes_on and self.step not in {None, step}

    def for_any_step(self) -> "Command":
        """The same for a part, whose steps are others."""
        return self.model_copy(update={"step": None})

    def shortened(self) -> "Command":
        """With short texts, and without instance ids."""
        by, reason = (text and shortened(text, _FEW) for text in (self.by, self.reason))
        return Command(verb=self.verb, by=by, reason=reason)

    @property
    def accepted(self) -> str:
        """What it will do, for whoever gave it."""
        return f"{self.verb.capitalize()} requested {self.attribution}: {self.verb.rule.outlook}"

    @property
    def attribution(self) -> str:
        """For a message: "by alice@contoso.com (wrong image)"."""
        by = f"by {self.by}" if self.by else "by an operator"
        return f"{by} ({self.reason})" if self.reason else by
