"""How a rollout ends, and its final message."""

from collections.abc import Mapping
from dataclasses import dataclass

from rollout.base import IN_PROGRESS, Cell, budget_of, named, sentence
from rollout.batch import GONE
from rollout.run.progress import Progress


def failure_of(progress: Progress) -> str | None:
    """Why the rollout must not simply continue after a batch, or None while failures are within the
    budget (policy.maxUnhealthyUpgradedInstances).
    """
    failed = progress.counted_failures
    policy = progress.order.request.policy
    budget = budget_of(policy.max_unhealthy_upgraded_instances, len(progress.tally.cells))
    if len(failed) <= budget:
        return None
    return f"{failures(failed, progress.tally.reasons)} {_allowed(budget)}"


def after_which(progress: Progress, place: str) -> str:
    """Where it happened: "after batch 2 of 5 (update domain 1)"."""
    return f"after batch {progress.batch} of {progress.batches} ({place})"


def _allowed(budget: int) -> str:
    many = f"At most {budget} upgraded instance(s)" if budget else "No upgraded instance"
    return f"{many} may fail (policy.maxUnhealthyUpgradedInstances)."


def failures(failed: list[str], reasons: Mapping[str, str]) -> str:
    """Which instances have failed, and why: each reason appears once."""
    by_reason: dict[str, list[str]] = {}
    for instance_id in failed:
        by_reason.setdefault(reasons.get(instance_id, "failed"), []).append(instance_id)
    return " ".join(
        f"{'instance' if len(ids) == 1 else 'instances'} {named(ids)}: {sentence(why)}."
        for why, ids in by_reason.items()
    )


@dataclass(frozen=True)
class RolloutEnding:
    """The final messages with which this rollout can end now."""

    progress: Progress

    def succeeded(self) -> str:
        """Every instance was verified."""
        tally = self.progress.tally
        done, failed = tally.count(Cell.DONE), tally.count(Cell.FAILED)
        if not done and not failed:
            return self._nothing_moved()
        skipped = tally.count(Cell.SKIPPED)
        parts = [
            f"{done} instance(s) run {self._target} and are healthy",
            f"{skipped} skipped" if skipped else "",
            f"{failed} failed, within the budget" if failed else "",
        ]
        return "; ".join(part for part in parts if part) + "."

    def failed(self, place: str, failure: str) -> str:
        """Too many instances have failed."""
        return (
            f"Stopped {after_which(self.progress, place)}: {failure} {self._what_is_where()} The "
            f"scale set's image is now {self._target}: new instances get it. Look at these "
            "instances and at the image; then put the model back, or start again with an image "
            "that works."
        )

    def stopped(self, reason: str) -> str:
        """It was not safe to continue."""
        if not self.progress.tally.cells:
            return f"Stopped before anything was changed: {sentence(reason)}."
        where = self._what_is_where()
        return _joined(f"Stopped: {sentence(reason)}.", where, self._model_set())

    def aborted(self, attribution: str) -> str:
        """An operator aborted it."""
        progress = self.progress
        if not progress.tally.cells or not progress.batch:
            return _joined(f"Aborted {attribution}. No instance was touched.", self._model_set())
        after = f"after batch {progress.batch} of {progress.batches}"
        return _joined(f"Aborted {attribution} {after}.", self._what_is_where(), self._model_set())

    def rolled_back(self, reason: str) -> str:
        """Everything was rolled back."""
        back = self.progress.tally.count(Cell.ROLLED_BACK)
        done = (
            f"{back} instance(s) run the image they had and are healthy"
            if back
            else "No instance had to be put back"
        )
        image = f"The scale set's image is {self.progress.image.from_image}."
        return f"Rolled back: {done}. {image} {reason.rstrip('.')}."

    def rollback_incomplete(self, instance_ids: list[str]) -> str:
        """These instances could not be rolled back, and why."""
        left = failures(instance_ids, self.progress.tally.reasons)
        return f"the rollback is not complete. Still on {self._target}: {left}"

    def rollback_failed(self, failed: list[str]) -> str:
        """Why a rollback stopped: what it could not roll back."""
        tally = self.progress.tally
        left = sum(tally.cells[instance_id] is Cell.DONE for instance_id in tally.touched)
        more = f" {left} more instance(s) still have to go back." if left else ""
        return f"the rollback failed. {failures(failed, tally.reasons)}{more}"

    @property
    def _target(self) -> str:
        return str(self.progress.image.to_image)

    def _what_is_where(self) -> str:
        tally = self.progress.tally
        untouched, done = tally.count(Cell.PENDING), tally.count(Cell.DONE)
        unsure = tally.count(*IN_PROGRESS)
        parts = [
            f"{done} instance(s) run {self._target} and are healthy" if done else "",
            f"{unsure} were left in the middle of their upgrade" if unsure else "",
            f"{untouched} were not touched" if untouched else "",
        ]
        where = "; ".join(part for part in parts if part)
        return f"{where[:1].upper()}{where[1:]}." if where else ""

    def _model_set(self) -> str:
        """The rollout did set the model; someone else may have changed it since."""
        ours = self.progress.model_set or self.progress.batch
        return f"The rollout has set the scale set's image to {self._target}." if ours else ""

    def _nothing_moved(self) -> str:
        tally, model = self.progress.tally, f"The scale set's image is {self._target}."
        if not tally.cells:
            return f"Nothing to upgrade: the scale set has no instances. {model}"
        why = ", or ".join(sorted({self._reason(instance_id) for instance_id in tally.cells}))
        return f"Nothing to do: each of the {len(tally.cells)} instance(s) {why}. {model}"

    def _reason(self, instance_id: str) -> str:
        if self.progress.tally.cells[instance_id] is Cell.GONE:
            return GONE
        return self.progress.tally.reasons.get(instance_id, "was left alone")


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
