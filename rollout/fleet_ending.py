"""How a fleet rollout ends, and the sentence that says so."""

from rollout.cell import Cell
from rollout.fleet_progress import FleetProgress, told_of
from rollout.problem import sentence


def wave_failure(progress: FleetProgress, index: int) -> str | None:
    """Why nothing may begin after that wave, or None."""
    failed, wave = progress.failed(index), progress.order.request.waves[index]
    if len(failed) <= wave.max_failed_scale_sets:
        return None
    allowed = wave.max_failed_scale_sets
    return (
        f"{len(failed)} scale set(s) of wave {wave.name} failed, and at most {allowed} may "
        f"(maxFailedScaleSets): {told_of(failed, progress.reasons)}"
    )


def _where(progress: FleetProgress) -> str:
    counts = progress.view(progress.started_at).counts
    parts = [
        f"{counts.done} of {counts.total} scale set(s) are done",
        f"{counts.failed} failed" if counts.failed else "",
        f"{counts.pending} were not touched" if counts.pending else "",
    ]
    return ", ".join(part for part in parts if part)


def stopped(progress: FleetProgress, reason: str) -> str:
    """The sentence for one that stopped because going on was not safe."""
    return f"Stopped: {sentence(reason)}. {_where(progress)}."


def aborted(progress: FleetProgress, told: str) -> str:
    """The sentence for one that an operator aborted."""
    return f"Aborted {told}. {_where(progress)}."


def succeeded(progress: FleetProgress) -> str:
    """The sentence for one whose every wave went well."""
    counts = progress.view(progress.started_at).counts
    failed = f", {counts.failed} failed, within the budget" if counts.failed else ""
    return f"{counts.done} scale set(s) in {len(progress.cells)} wave(s) are done{failed}."


def rolled_back(progress: FleetProgress, reason: str) -> str:
    """The sentence for one that has put everything back."""
    back = sum(cells.count(Cell.ROLLED_BACK) for cells in progress.cells)
    told = f"{back} scale set(s) run the images they had" if back else "Nothing had to be put back"
    return f"Rolled back: {told}. {sentence(reason)}."


def rollback_failure(progress: FleetProgress) -> str | None:
    """What could not be put back, or None."""
    failed = [one for index in range(len(progress.cells)) for one in progress.failed(index)]
    if not failed:
        return None
    return f"the rollback is not complete: {told_of(failed, progress.reasons)}"
