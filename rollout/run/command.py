"""An operator's command: a verb, with who gave it, why, and for which instances."""

from typing import Any

from rollout.base import Caller, InstanceIds, Request, Text, shortened
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
    wave that had begun last when it was given; None if that does not matter. `caller` is who was
    signed in; `by` is only what was said. `about` says what a decision is about, once
    something was taken up: it may ask about something else now.
    """

    verb: Verb
    step: int | None = None
    caller: Caller | None = None
    about: str | None = None

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

    def concerning(self, about: str | None) -> "Command":
        """The same as a decision about that alone."""
        return self.model_copy(update={"about": about})

    def decides(self, about: str) -> bool:
        """Whether it may be a decision about that."""
        return self.about in {None, about}

    def for_any_step(self) -> "Command":
        """The same for a part, whose steps are others."""
        return self.model_copy(update={"step": None})

    def shortened(self) -> "Command":
        """With short texts, and without instance ids."""
        by, reason = (text and shortened(text, _FEW) for text in (self.by, self.reason))
        caller = self.caller and self.caller.model_copy(
            update={"name": shortened(self.caller.name, _FEW), "id": ""}
        )
        return Command(verb=self.verb, by=by, reason=reason, caller=caller)

    @property
    def accepted(self) -> str:
        """What it will do, for whoever gave it."""
        return f"{self.verb.spoken} requested {self.attribution}: {self.verb.rule.outlook}"

    @property
    def attribution(self) -> str:
        """For a message: "by alice@contoso.com (wrong image)". Who was signed in comes first, and
        then what was said: "by alice@contoso.com (for bob: wrong image)".
        """
        name = self.caller.name if self.caller else self.by
        said = f"for {self.by}" if self.by and self.by != name else ""
        remark = ": ".join(text for text in (said, self.reason) if text)
        by = f"by {name}" if name else "by an operator"
        return f"{by} ({remark})" if remark else by
