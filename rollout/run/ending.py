"""How a rollout ends, and why. What it leaves is read then: see final_message.py."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rollout.base import Cell, budget_of, named, sentence
from rollout.run.progress import Progress

_LONGEST_REASON = 1000
"""In characters of JSON. Azure's own words are cut before, where they are quoted."""


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


def failures(failed: Iterable[str], reasons: Mapping[str, str]) -> str:
    """Which instances have failed, and why: each reason appears once."""
    return " ".join(failures_by_reason(failed, reasons))


def failures_by_reason(failed: Iterable[str], reasons: Mapping[str, str]) -> list[str]:
    """A sentence for each reason: who has failed because of it."""
    by_reason: dict[str, list[str]] = {}
    for instance_id in failed:
        by_reason.setdefault(reasons.get(instance_id, "failed"), []).append(instance_id)
    return [
        f"{'instance' if len(ids) == 1 else 'instances'} {named(ids)}: {sentence(why)}."
        for why, ids in by_reason.items()
    ]


@dataclass(frozen=True)
class RolloutEnding:
    """Why this rollout ends, in the words with which its final message begins."""

    progress: Progress

    def failed(self, place: str, failure: str) -> str:
        """Too many instances have failed."""
        return f"Stopped {after_which(self.progress, place)}: {failure}"

    def stopped(self, reason: str) -> str:
        """It was not safe to continue."""
        progress = self.progress
        began = progress.tally.cells or progress.image.from_image
        stopped = "Stopped" if began else "Stopped before anything was changed"
        return f"{stopped}: {sentence(reason, _LONGEST_REASON)}."

    def aborted(self, attribution: str) -> str:
        """An operator aborted it."""
        progress = self.progress
        if not progress.tally.cells or not progress.batch:
            return f"Aborted {attribution}. No instance was touched."
        return f"Aborted {attribution} after batch {progress.batch} of {progress.batches}."

    def rollback_incomplete(self, reasons: Mapping[str, str]) -> str:
        """These instances are not as they were, for these reasons."""
        return f"the rollback is not complete. {failures(reasons, reasons)}"

    def rollback_failed(self, failed: list[str]) -> str:
        """Why a rollback stopped: what it could not roll back."""
        tally = self.progress.tally
        left = sum(tally.cells[instance_id] is Cell.DONE for instance_id in tally.touched)
        more = f" {left} more instance(s) still have to go back." if left else ""
        return f"the rollback failed. {failures(failed, tally.reasons)}{more}"
