"""How a rollout ends, and the sentence that says so."""

from collections.abc import Mapping

from rollout.amount import budget_of
from rollout.cell import IN_PROGRESS, Cell
from rollout.gate import GONE
from rollout.problem import sentence
from rollout.progress import Progress
from rollout.reading import named


def failure_of(progress: Progress) -> str | None:
    """Why the rollout must not simply go on after a batch, or None while failures are within the
    budget (policy.maxUnhealthyUpgradedInstances).
    """
    failed = progress.counted_failures
    policy = progress.order.request.policy
    budget = budget_of(policy.max_unhealthy_upgraded_instances, len(progress.cells))
    if len(failed) <= budget:
        return None
    return f"{_failures(failed, progress.reasons)} {_allowed(budget)}"


def after_batch(progress: Progress, place: str) -> str:
    """Where it happened: "after batch 2 of 5 (update domain 1)"."""
    return f"after batch {progress.batch} of {progress.batches} ({place})"


def stopped(progress: Progress, place: str, failure: str) -> str:
    """The sentence for a rollout that stopped because too many instances failed."""
    return (
        f"Stopped {after_batch(progress, place)}: {failure} {_what_is_where(progress)} The model "
        f"names {progress.image.to_image}: new instances get it. Look at these instances and at "
        "the image; then put the model back, or start again with an image that works."
    )


def _allowed(budget: int) -> str:
    many = f"At most {budget} upgraded instance(s)" if budget else "No upgraded instance"
    return f"{many} may fail (policy.maxUnhealthyUpgradedInstances)."


def _failures(failed: list[str], reasons: Mapping[str, str]) -> str:
    by_reason: dict[str, list[str]] = {}
    for one in failed:
        by_reason.setdefault(reasons.get(one, "failed"), []).append(one)
    return " ".join(
        f"{'instance' if len(ids) == 1 else 'instances'} {named(ids)}: {sentence(why)}."
        for why, ids in by_reason.items()
    )


def _what_is_where(progress: Progress) -> str:
    cells = progress.cells.values()
    untouched = sum(cell is Cell.PENDING for cell in cells)
    done = sum(cell is Cell.DONE for cell in cells)
    unsure = sum(cell in IN_PROGRESS for cell in cells)
    parts = [
        f"{done} instance(s) run {progress.image.to_image} and are healthy" if done else "",
        f"{unsure} were left in the middle of their upgrade" if unsure else "",
        f"{untouched} were not touched" if untouched else "",
    ]
    told = "; ".join(part for part in parts if part)
    return f"{told[:1].upper()}{told[1:]}." if told else ""


def halted(progress: Progress, reason: str) -> str:
    """The sentence for a rollout that stopped because going on was not safe."""
    if not progress.cells:
        return f"Stopped before anything was changed: {sentence(reason)}."
    where = _what_is_where(progress)
    return _joined(f"Stopped: {sentence(reason)}.", where, _what_we_set(progress))


def _what_we_set(progress: Progress) -> str:
    """The model was ours once; it may be somebody else's by now."""
    ours = progress.model_set or progress.batch
    return f"The rollout has set the model to {progress.image.to_image}." if ours else ""


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def aborted(progress: Progress, told: str) -> str:
    """The sentence for a rollout that an operator aborted."""
    if not progress.cells or not progress.batch:
        return _joined(f"Aborted {told}. No instance was touched.", _what_we_set(progress))
    after = f"after batch {progress.batch} of {progress.batches}"
    where = _what_is_where(progress)
    return _joined(f"Aborted {told} {after}.", where, _what_we_set(progress))


def rolled_back(progress: Progress, reason: str) -> str:
    """The sentence for a rollout that has put everything back."""
    back = sum(cell is Cell.ROLLED_BACK for cell in progress.cells.values())
    told = (
        f"{back} instance(s) run the image they had and are healthy"
        if back
        else ("No instance had to be put back")
    )
    again = f"The model names {progress.image.from_image} again."
    return f"Rolled back: {told}. {again} {reason.rstrip(chr(46))}."


def left_behind(progress: Progress, instance_ids: list[str]) -> str:
    """Which instances could not be put back, and why."""
    return f"Still on {progress.image.to_image}: {_failures(instance_ids, progress.reasons)}"


def rollback_failure(progress: Progress, failed: list[str]) -> str:
    """Why a rollback stopped: what it could not put back."""
    left = sum(one in progress.touched for one, cell in progress.cells.items() if cell in _AHEAD)
    more = f" {left} more instance(s) still have to go back." if left else ""
    return f"the rollback failed. {_failures(failed, progress.reasons)}{more}"


_AHEAD = {Cell.DONE}


def succeeded(progress: Progress) -> str:
    """The sentence for a rollout whose every instance was verified."""
    done = sum(cell is Cell.DONE for cell in progress.cells.values())
    skipped = sum(cell is Cell.SKIPPED for cell in progress.cells.values())
    failed = sum(cell is Cell.FAILED for cell in progress.cells.values())
    if not done and not failed:
        return _nothing_moved(progress)
    parts = [
        f"{done} instance(s) run {progress.image.to_image} and are healthy",
        f"{skipped} skipped" if skipped else "",
        f"{failed} failed, within the budget" if failed else "",
    ]
    return "; ".join(part for part in parts if part) + "."


def _nothing_moved(progress: Progress) -> str:
    model = f"The model names {progress.image.to_image}."
    if not progress.cells:
        return f"Nothing to upgrade: the scale set has no instances. {model}"
    reasons = {_reason(progress, one) for one in progress.cells}
    why = ", or ".join(sorted(reasons))
    return f"Nothing to do: each of the {len(progress.cells)} instance(s) {why}. {model}"


def _reason(progress: Progress, one: str) -> str:
    return GONE if progress.cells[one] is Cell.GONE else progress.reasons.get(one, "was left alone")
