"""How a fleet rollout ends, and its final message."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rollout.base import Cell, sentence
from rollout.fleet.progress import FleetProgress
from rollout.run import Counts

_NAMED = 3
"""How many failures a message lists: the list of scale sets has them all."""


def wave_failure(progress: FleetProgress, index: int) -> str | None:
    """Why nothing may begin after that wave, or None."""
    failed, wave = progress.failed(index), progress.order.request.waves[index]
    if len(failed) <= wave.max_failed_scale_sets:
        return None
    allowed = wave.max_failed_scale_sets
    aborted = Cell.ABORTED in progress.cells[index]
    what = "failed or were aborted" if aborted else "failed"
    return (
        f"{len(failed)} scale set(s) of wave {wave.name} {what}, and at most {allowed} may "
        f"(maxFailedScaleSets): {_reasons(failed, progress.reasons)}"
    )


def nothing_verified(name: str) -> str:
    """What is to be said of a wave that has proved nothing."""
    return (
        f"Wave {name} has verified no instance: its scale sets are empty, switched off or left out"
    )


def _reasons(ids: Iterable[str], reasons: Mapping[str, str]) -> str:
    listed = list(ids)
    few = [
        f"{rollout_id}: {reasons.get(rollout_id, 'failed').rstrip('.')}"
        for rollout_id in listed[:_NAMED]
    ]
    more = [f"and {len(listed) - _NAMED} more"] if len(listed) > _NAMED else []
    return "; ".join([*few, *more])


@dataclass(frozen=True)
class FleetEnding:
    """The final messages with which this fleet rollout can end now."""

    progress: FleetProgress

    def succeeded(self) -> str:
        """Every wave succeeded."""
        counts = self._counts
        missed = [
            f"{count} {word}"
            for count, word in ((counts.failed, "failed"), (counts.aborted, "aborted"))
            if count
        ]
        within = f", {', '.join(missed)}, within the budget" if missed else ""
        done = f"{counts.done} scale set(s) in {len(self.progress.cells)} wave(s) are done{within}"
        doubts = map(nothing_verified, self.progress.unverified)
        return f"{'. '.join([done, *doubts])}."

    def stopped(self, reason: str) -> str:
        """It was not safe to continue."""
        again = " Fix the cause, then roll back again." if self._goes_back else ""
        return f"Stopped: {sentence(reason)}. {self._what_is_where()}.{again}"

    def aborted(self, attribution: str) -> str:
        """An operator aborted it."""
        again = " Roll back again to go on." if self._goes_back else ""
        return f"Aborted {attribution}. {self._what_is_where()}.{again}"

    def rolled_back(self, reason: str) -> str:
        """Everything was rolled back."""
        back = sum(cells.count(Cell.ROLLED_BACK) for cells in self.progress.cells)
        done = (
            f"{back} scale set(s) run the images they had" if back else "Nothing had to be put back"
        )
        return f"Rolled back: {done}. {sentence(reason)}."

    def rollback_failed(self) -> str | None:
        """What could not be rolled back, or None."""
        progress = self.progress
        waves = range(len(progress.cells))
        failed = [rollout_id for index in waves for rollout_id in progress.failed(index)]
        if not failed:
            return None
        return f"the rollback is not complete: {_reasons(failed, progress.reasons)}"

    @property
    def _goes_back(self) -> bool:
        """Whether it ends on its way back, and something is not back."""
        return self.progress.rolling_back and bool(self.progress.moved_waves)

    @property
    def _counts(self) -> Counts:
        return Counts.of("".join(self.progress.cells))

    def _what_is_where(self) -> str:
        counts = self._counts
        parts = [
            f"{counts.done} of {counts.total} scale set(s) are done",
            f"{counts.failed} failed" if counts.failed else "",
            f"{counts.aborted} aborted" if counts.aborted else "",
            f"{counts.pending} were not touched" if counts.pending else "",
        ]
        return ", ".join(part for part in parts if part)
