"""What follows a batch: proceed, retry it, ask the operator, roll back, or end."""

from dataclasses import dataclass

from rollout.base import IN_PROGRESS, Cell, Phase, Proceed, capitalized, sentence, shortened
from rollout.batch import BatchOutcome
from rollout.plan import Batch
from rollout.run.command import Command
from rollout.run.conclusion import Conclusion, End, RollBack, concluded_by
from rollout.run.ending import RolloutEnding, failure_of
from rollout.run.progress import Progress
from rollout.run.verb import Verb

_LONGEST_REASON = 250
"""In characters: the limit for a command's reason."""


@dataclass(frozen=True)
class Retry:
    """Begin the batch again with these instances; first pause, as if the operator had sent that
    command. `taken_up` if any of them may have been sent.
    """

    instance_ids: list[str]
    pause: Command | None = None
    taken_up: bool = False


@dataclass(frozen=True)
class Ask:
    """Too many instances have failed: wait until an operator decides what to do with them."""

    failure: str


def after_batch(
    progress: Progress, batch: Batch, outcome: BatchOutcome
) -> Proceed[None] | Retry | Ask | Conclusion:
    """What follows this batch by the policy; an operator's abort or rollback comes first."""
    if outcome.halt:
        return _after_halt(progress, batch, outcome)
    if outcome.held and not progress.control.ending:
        return _rest_of(progress, batch)
    if command := progress.control.ending:
        return concluded_by(command, RolloutEnding(progress))
    failure = failure_of(progress)
    return _after_failure(progress, batch, failure) if failure else Proceed(None)


def _rest_of(progress: Progress, batch: Batch) -> Proceed[None] | Retry:
    """An operator's pause kept some of the batch, or all of it, from being sent."""
    cells = progress.tally.cells
    ids = [each for each in batch.instance_ids if cells[each] in {Cell.PENDING, *IN_PROGRESS}]
    sent = any(cells[each] in IN_PROGRESS for each in ids)
    return Retry(ids, taken_up=sent) if ids else Proceed(None)


def _after_halt(progress: Progress, batch: Batch, outcome: BatchOutcome) -> Retry | Conclusion:
    """A batch did not begin, or was given up."""
    did = "did not begin" if outcome.unbegun else "was given up"
    reason = f"batch {progress.batch} ({batch.place}) {did}: {outcome.halt}"
    step = after_hold(progress, reason, unhealthy=outcome.unhealthy, passes=outcome.passes)
    if isinstance(step, Command):
        return Retry(batch.instance_ids, step, taken_up=not outcome.unbegun)
    return step


def after_hold(
    progress: Progress, reason: str, *, unhealthy: bool, passes: bool = False
) -> Command | Conclusion:
    """What follows when something may not go on for that reason: a pause, or the end. If it is the
    instances' health, the policy decides; if it may be over later, a policy that pauses does; for
    any other reason, it is not safe to do anything.
    """
    on_failure = progress.order.request.policy.on_failure
    match on_failure if unhealthy or (passes and on_failure == "pause") else "stop":
        case "stop":
            return End(Phase.FAILED, RolloutEnding(progress).stopped(reason))
        case "rollback":
            return RollBack(f"{capitalized(reason).rstrip('.')}.")
        case "pause":
            why = shortened(sentence(reason), _LONGEST_REASON)
            return Command(verb=Verb.PAUSE, by="the health gate", reason=why)


def leaves_only_a_model(progress: Progress, end: End) -> bool:
    """Whether this end would leave nothing but a model that names the image: no instance has it, so
    `onFailure: rollback` puts the model back.
    """
    failed = end.phase is Phase.FAILED and not end.unforeseen
    wanted = progress.order.request.policy.on_failure == "rollback"
    untouched = progress.model_set and not progress.tally.touched
    return failed and wanted and untouched and not progress.control.ending


def _after_failure(progress: Progress, batch: Batch, failure: str) -> Ask | Conclusion:
    match progress.order.request.policy.on_failure:
        case "stop":
            return End(Phase.FAILED, RolloutEnding(progress).failed(batch.place, failure))
        case "rollback":
            number = f"{progress.batch} of {progress.batches}"
            return RollBack(f"Batch {number} ({batch.place}) failed: {failure}")
        case "pause":
            return Ask(failure)
