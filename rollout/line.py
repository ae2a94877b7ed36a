"""Stop-the-line: a switch for the whole app. While it is set, nothing begins."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator

from rollout.base import Caller, LineStop, Problem, Request, Shown, Text, Value, our_id

STOP_THE_LINE = "stop_the_line"
"""The orchestration that is the stop: it runs as long as the line is stopped."""
LINE_ID = our_id("stop-the-line", "app")
"""Its instance id, and the name of its log."""


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("say why")
    return text.strip()


class LineBody(Request):
    """Why the line is stopped or lifted, and who says so, if nobody is signed in."""

    reason: Annotated[Text, AfterValidator(_said)]
    by: Text | None = None


class LineChange(Value):
    """Who changes it, and why. `caller` is who was signed in; `by` is only what was said."""

    reason: str
    by: str | None = None
    caller: Caller | None = None

    @classmethod
    def of(cls, body: LineBody, caller: Caller | None) -> Self:
        return cls(reason=body.reason, by=body.by, caller=caller)

    @property
    def name(self) -> str | None:
        """Who is shown."""
        return self.caller.name if self.caller else self.by

    @property
    def message(self) -> str:
        said = f" (for {self.by})" if self.by and self.by != self.name else ""
        return f"by {self.name or 'an operator'}{said}: {self.reason}"


class LineOrder(Value):
    """What the stop is started with. `token` tells it from others, `events` is how many events its
    log has. If it broke off, it begins again: `since` when it has stopped the line, `announced` if
    that is in the log, and `lifted` by whom it was lifted meanwhile.
    """

    stopped: LineChange
    token: str
    events: int = 0
    since: datetime | None = None
    announced: bool = False
    lifted: LineChange | None = None

    @property
    def lift_event(self) -> str:
        """The external event that lifts it: a name of its own, so that no other stop hears it."""
        return f"lifted-{self.token}"

    def stop(self, since: datetime) -> LineStop:
        """What is shown of it, if it began then."""
        change = self.stopped
        return LineStop(since=self.since or since, reason=change.reason, by=change.name)

    def again(self, since: datetime, *, announced: bool) -> Self:
        """What it goes on with after it broke off."""
        written = announced and not self.announced
        update = {"since": self.since or since, "announced": announced}
        return self.model_copy(update={**update, "events": self.events + written})

    def lifted_by(self, change: LineChange) -> Self:
        return self.model_copy(update={"lifted": change})


class LineState(Shown):
    """Whether the line is stopped: since when, why, and by whom; null if it is not."""

    stopped: LineStop | None = None


def line_is_stopped(stop: LineStop) -> Problem:
    """The refusal of a start."""
    return Problem(
        status=409,
        title="The line is stopped",
        detail=f"Nothing begins: {stop.message}. Nothing was started: wait until it is lifted "
        "(DELETE /api/stop-the-line).",
    )
