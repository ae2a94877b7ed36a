"""What the gates between two waves mean for a fleet rollout: what they are asked with, and what
follows if one fails.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rollout.base import FieldError, Phase, Problem
from rollout.callbacks import Asking
from rollout.fleet.ending import FleetEnding
from rollout.fleet.order import FleetOrder
from rollout.fleet.progress import FleetProgress
from rollout.gates import GATE, CallbackGate, Gate, GateNotPassed, GatePlace, GateQuestion
from rollout.run import Ask, Conclusion, End

WOULD_HAVE_STOPPED = "with weight required, the fleet rollout would wait for it, or be stopped"
"""What a failure of a dry run would have led to."""


@dataclass(frozen=True)
class WaveSite:
    """After the wave of that index."""

    index: int

    @property
    def place(self) -> GatePlace:
        return GatePlace.WAVE

    def number(self, _: FleetProgress) -> int:
        """The number of the wave."""
        return self.index + 1

    def hold(self, _: FleetProgress) -> timedelta:
        """The wave has baked already."""
        return timedelta(0)

    def named(self, progress: FleetProgress) -> str:
        """In a sentence: "after wave 1 of 3 (canary)"."""
        waves = progress.order.request.waves
        return f"after wave {self.index + 1} of {len(waves)} ({waves[self.index].name})"

    def after(self, progress: FleetProgress, gate: Gate, failed: GateNotPassed) -> Ask | Conclusion:
        """What follows if a required gate has not passed: what follows a failed wave."""
        reason = f"{failed.reason} ({self.named(progress)})"
        if failed.unsure and gate.on_unknown == "pause":
            return Ask(reason)
        return End(Phase.FAILED, FleetEnding(progress).stopped(reason))

    def question(
        self, progress: FleetProgress, gate: Gate, now: datetime, attempt: int
    ) -> GateQuestion:
        """What the gate is asked with. Its first scale set says in which subscription and region a
        gate of Azure Monitor is answered that does not say so itself.
        """
        return GateQuestion(
            rollout_id=progress.order.id,
            gate=gate,
            place=self.place,
            scale_set=progress.order.members[self.index][0].scale_set,
            batch=self.index + 1,
            since=self._since(progress, gate),
            began=progress.started_at,
            now=now,
            attempt=attempt,
        )

    def _since(self, progress: FleetProgress, gate: Gate) -> datetime:
        """When the wave began. Alerts count from the wave before on: what fires while an approval
        is waited for would be missed, and what fired in that wave and still does was not let pass.
        """
        of_alerts = gate.check.kind == "alert" and self.index > 0
        since = progress.wave_before_began_at if of_alerts else progress.wave_began_at
        return since or progress.started_at

    def asking(
        self, progress: FleetProgress, gate: Gate, check: CallbackGate, expires: datetime
    ) -> Asking:
        """The same of a gate that is answered later, until then."""
        return Asking(
            instance=progress.order.instance_id,
            rollout_id=progress.order.id,
            wave=progress.order.request.waves[self.index].name,
            kind=GATE,
            name=gate.name,
            place=self.place,
            batch=self.index + 1,
            expires=expires,
            target=check.target,
        )


def questions_now(order: FleetOrder, now: datetime) -> list[GateQuestion]:
    """As each gate would be asked about the first wave after which it is asked, if that began and
    was done now.
    """
    first = {
        gate.name: GateQuestion(
            rollout_id=order.id,
            gate=gate,
            place=GatePlace.WAVE,
            scale_set=members[0].scale_set,
            batch=index + 1,
            since=now,
            began=now,
            now=now,
        )
        for index, members in reversed(list(enumerate(order.members)))
        for gate in order.gates_of(index)
    }
    return [first[gate.name] for gate in order.gates]


def refused_policies(order: FleetOrder, problems: Mapping[str, Problem | None]) -> Problem | None:
    """The refusal of a fleet rollout whose policies have these problems, by their names."""
    found = {name: problem for name, problem in problems.items() if problem}
    if not found:
        return None
    waves = enumerate(order.request.waves)
    places = {"": "", **{wave.name: f"waves[{number}]." for number, wave in waves}}
    errors = [
        FieldError(path=f"{places[name]}{error.path}", message=error.message)
        for name, problem in found.items()
        for error in problem.errors
    ]
    first = next(iter(found.values()))
    return first.model_copy(update={"errors": errors})
