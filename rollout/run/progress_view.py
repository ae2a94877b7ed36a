"""What the views of a rollout and of a fleet rollout have in common."""

from abc import abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Self, cast

from pydantic import BeforeValidator

from rollout.base import (
    LONGEST_MESSAGE,
    ORCHESTRATION_VERSION,
    Caller,
    LineStop,
    Phase,
    Shown,
    Value,
    capitalized,
    shortened,
)
from rollout.run.command import Command, CommandBody
from rollout.run.control import Control
from rollout.run.counts import Counts
from rollout.run.verb import Verb

WAITING_TO_BEGIN = "Waiting to begin"
NOT_HEARD = (
    "Nothing shows yet that it was heard: look again in a minute, and say it again if it is still "
    "among the verbs"
)


class Waits(Value):
    """Since when it waits for people, and until when: then it goes on waiting in another way, or
    ends. `gate` or `hook` is what they decide about, if that is one.
    """

    since: datetime
    until: datetime | None = None
    gate: str | None = None
    hook: str | None = None

    @property
    def about(self) -> str:
        """What a decision is about."""
        return decided_about(self.gate, self.hook)


def decided_about(gate: str | None = None, hook: str | None = None) -> str:
    """What a decision is about: a gate, a hook, or else failed instances."""
    return f"gate {gate}" if gate else f"hook {hook}" if hook else "instances"


def _known(verbs: object) -> object:
    """Without the verbs of a later version of the app, which this one could not carry out."""
    if not isinstance(verbs, list):
        return verbs
    return [verb for verb in cast("list[object]", verbs) if verb in set(Verb)]


class ProgressFields(Shown):
    """What most users look for first. `verbs` are those accepted now; `updatedAt` is the time at
    which all of it was true. `version` is that of the orchestrators that started it, 0 before it
    has begun. `standingStillSince` is its last look at the instances, if those that were due since
    did not come. `waits` is null unless it waits for people. `rollbackIncomplete` is whether it has
    failed on its way back. `stopped` is why nothing more of it begins, while the line is.
    """

    id: str
    phase: Phase
    message: str = ""
    verbs: Annotated[list[Verb], BeforeValidator(_known)] = []
    counts: Counts = Counts()
    percent: int = 0
    reason: str | None = None
    by: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    updated_at: datetime | None = None
    version: int = 0
    standing_still_since: datetime | None = None
    waits: Waits | None = None
    stopped: LineStop | None = None
    rollback_incomplete: bool = False

    def standing_still(self, since: datetime) -> Self:
        """With the time of its last look, if it has not looked since."""
        if self.updated_at is not None and self.updated_at > since:
            return self
        message = f"No look at its instances since {since:%Y-%m-%d %H:%M:%S} UTC. {self.message}"
        return self.model_copy(update={"standing_still_since": since, "message": message})

    def held_by_line(self, stop: LineStop) -> Self:
        """While the line is stopped."""
        return self.model_copy(update={"stopped": stop})

    @property
    def newer(self) -> bool:
        """Whether a newer version of the app started it: Durable lets this one not go on."""
        return not self.phase.ended and self.version > ORCHESTRATION_VERSION


class ProgressView(ProgressFields):
    """Adds what was asked for but has yet to take effect (`notice`), and by whom (`control`)."""

    notice: str | None = None
    control: Control = Control()

    @property
    @abstractmethod
    def step(self) -> int:
        """The number of the batch or wave that had begun last; 0 before the first."""

    def answered(self, verb: Verb, body: CommandBody, caller: Caller | None = None) -> Command:
        """The command of an operator who has seen this view."""
        return Command(verb=verb, step=self.step, caller=caller, **body.model_dump())

    @abstractmethod
    def published(self) -> dict[str, Any]:
        """The part that Durable keeps as the custom status, which is limited to 16 KB."""

    @abstractmethod
    def summary(self) -> "ProgressSummary":
        """Its line in the list."""

    def hearing(self, heard: Callable[[Verb], bool]) -> Self:
        """This view with only the verbs that are still heard; after the end nobody listens, and the
        rest is begun anew.
        """
        if self.phase.ended:
            return self
        return self.model_copy(update={"verbs": [verb for verb in self.verbs if heard(verb)]})

    @property
    def heard_out(self) -> bool:
        """Whether it has heard so many verbs that only those are left that end it."""
        offered = any(not verb.ends for verb in self.control.verbs(self.phase))
        return bool(self.verbs) and offered and all(verb.ends for verb in self.verbs)

    def stands(self, verb: Verb) -> bool:
        """Whether saying that verb again would change nothing, as long as it is under way."""
        back = verb is Verb.ROLLBACK and self.phase is Phase.ROLLING_BACK
        return not self.phase.ended and (back or self.control.stands(verb))

    def recounted(self, cells: str, message: str, updated_at: datetime, **shown: Any) -> Self:
        """This view, updated from a part that is running."""
        counts = Counts.of(cells)
        fields = {"message": message, "updated_at": updated_at, **shown}
        return self.model_copy(update={"counts": counts, "percent": counts.percent, **fields})

    def with_notice(self) -> Self:
        """With the notice, which is not published, because it follows from the rest."""
        return self.model_copy(update={"notice": self.noticed(self.control)})

    def noticed(self, control: Control) -> str | None:
        """What was asked for and has yet to take effect, for whoever looks now."""
        return control.notice(self.phase)

    def accepting(self, command: Command) -> Self:
        """This view after a command that was accepted and has yet to take effect."""
        control = self.control.apply(command)
        notice = self.noticed(control) or command.accepted
        return self.model_copy(update={"control": control.standing(), "notice": notice})

    def unheard(self, command: Command) -> Self:
        """The same, of one that nobody seems to have heard so far."""
        view = self.accepting(command)
        return view.model_copy(update={"notice": f"{view.notice}. {NOT_HEARD}"})

    def held_by_line(self, stop: LineStop) -> Self:
        """A rollout that waits for it says so already."""
        said = stop.message in self.message or self.notice
        notice = self.notice if said else f"{capitalized(stop.message)}. Nothing more begins"
        return super().held_by_line(stop).model_copy(update={"notice": notice})

    def going_on(self) -> Self:
        """The view of something that is begun again where an earlier orchestration left it."""
        return self.model_copy(update={"phase": Phase.PROGRESSING})

    def shortened(self, room: int = LONGEST_MESSAGE) -> Self:
        """With a message that fits into Durable's custom status, however long it was."""
        return self.model_copy(update={"message": shortened(self.message, room)})


class ProgressSummary(ProgressFields):
    """A line in a list."""

    @classmethod
    def of(cls, view: ProgressView) -> Self:
        """The line for that view."""
        return cls.model_construct(**{name: getattr(view, name) for name in cls.model_fields})

    def vanished(self) -> Self:
        """The line of something that has no orchestration: it was purged by hand before it had
        ended, or a process died just before it could be started.
        """
        message = "Its Durable instance was purged by hand before it had ended"
        if self.started_at is None:
            message = "It did not begin: there is no Durable instance of it. Start it again"
        return self.model_copy(update={"phase": Phase.ABORTED, "message": message, "verbs": []})
