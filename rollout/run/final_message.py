"""The final message of a rollout: why it ended, what it leaves, and what to do next."""

from dataclasses import dataclass

from rollout.base import Cell, Phase, named, shortened
from rollout.batch import GONE
from rollout.inventory import Image
from rollout.run.abbreviation import abbreviated
from rollout.run.conclusion import End
from rollout.run.ending import failures_by_reason
from rollout.run.final_state import FinalState
from rollout.run.places import Places
from rollout.run.progress import Progress
from rollout.run.verb import Verb

_LONGEST_REASON = 1000
"""In characters of JSON: what it leaves, and what to do, must fit beside it."""


def final_message(progress: Progress, end: End, state: FinalState | None) -> str:
    """The final message of a rollout that ends so, and leaves that; None if it did not come to look
    at its scale set.
    """
    if state is None:
        return in_short(progress, end.message)
    ended = progress.finished(
        end.phase, end.message, progress.started_at, unforeseen=end.unforeseen
    )
    message = _FinalMessage(ended, end.phase, end.message, state).text()
    return in_short(progress, message, state.model)


def in_short(progress: Progress, text: str, *more: Image | None) -> str:
    """The text, with the scale set and its images by their names."""
    before = [instance.image for instance in progress.baseline.instances.values()]
    images = [progress.image.from_image, progress.image.to_image, *more, *before]
    return abbreviated(text, progress.order.request.scale_set, filter(None, images))


def preliminary(progress: Progress, end: End) -> str:
    """Why it is about to end: what is said before the rest is known."""
    match end.phase:
        case Phase.SUCCEEDED:
            return "Every instance was verified."
        case Phase.ROLLED_BACK:
            why = f"Everything was rolled back. {end.message.rstrip('.')}."
        case _:
            why = end.message
    return in_short(progress, shortened(why, _LONGEST_REASON))


@dataclass(frozen=True)
class _FinalMessage:
    """`progress` has ended; `why` is the beginning of the message, or the reason of a rollback."""

    progress: Progress
    phase: Phase
    why: str
    state: FinalState

    def text(self) -> str:
        why = shortened(self.why, _LONGEST_REASON)
        if self.phase is Phase.ROLLED_BACK:
            back = f"Rolled back: {self._places.after_rollback()}"
            parts = [back, self._unread(), *self._facts(), f"{why.rstrip('.')}."]
        elif self.phase is Phase.SUCCEEDED and not self._moved_any:
            parts = [self._nothing_moved(), self._unread(), *self._facts()]
        else:
            parts = [why, self._unread(), self._what_is_where(), self._failures(), *self._facts()]
        return " ".join(part for part in [*parts, self._next()] if part)

    @property
    def _places(self) -> Places:
        progress = self.progress
        return Places(
            self.state,
            progress.image.to_image,
            progress.health_source,
            back=progress.rolling_back,
        )

    @property
    def _moved_any(self) -> bool:
        return bool(self.progress.tally.touched or self.progress.batch)

    def _facts(self) -> list[str]:
        """The model, who is on the wrong image without our doing, and the repairs."""
        repairs = self.state.repairs
        said = [self._model(), self._newcomers(), self._there_before()]
        return [*said, f"{repairs}." if repairs else ""]

    def _unread(self) -> str:
        """What cannot be read is not claimed."""
        if self.state.unread is None:
            return ""
        why = f"The scale set could not be read at the end: {self.state.unread.rstrip('.')}."
        before = self.phase in {Phase.ROLLED_BACK, Phase.SUCCEEDED}
        return f"{why} All this was known last." if before else f"{why} Known last:"

    def _model(self) -> str:
        target, model = self.progress.image.to_image, self.state.model
        if self.state.unread:
            ours = self.progress.model_set and not self.progress.rolling_back
            return f"It had set the scale set's image to {target}." if ours else ""
        if model is None:
            return "The scale set's model names no image."
        return f"The scale set's image is {model}{self._of_model(model)}."

    def _of_model(self, model: Image) -> str:
        """What follows from that for new instances, or who has set it."""
        before, target = self.progress.image.from_image, self.progress.image.to_image
        if self.phase is Phase.SUCCEEDED:
            return ""
        if model.same(target):
            back = Verb.ROLLBACK in self.progress.verbs
            until = "you roll back" if back else "somebody sets another"
            return f": new instances get it until {until}"
        if model.open:
            return ": new instances get its newest version, and that may be the one that failed"
        if before is not None and not model.same(before):
            return ", which it did not set"
        return (
            "" if self._was_run(model) else ": new instances get it, and no instance ran it before"
        )

    def _was_run(self, image: Image) -> bool:
        """Whether an instance ran that image before the rollout; nobody counts as nobody asked."""
        ran = [instance.image for instance in self.progress.baseline.instances.values()]
        return not ran or any(each.same(image) for each in ran)

    def _newcomers(self) -> str:
        """On the target although everything was to go back."""
        came = self.state.not_moved if self.progress.rolling_back else []
        if not came:
            return ""
        return (
            f"{len(came)} instance(s) that it did not move run {self.progress.image.to_image}: "
            f"{named(came)}. If they came meanwhile, replace them, or upgrade them to the scale "
            "set's image."
        )

    def _there_before(self) -> str:
        """On the image that was taken back, which they ran before the rollout."""
        before = self.state.before if self.progress.rolling_back else []
        if not before:
            return ""
        target = self.progress.image.to_image
        return (
            f"{len(before)} instance(s) ran {target} before this rollout, and run it still: "
            f"{named(before)}. To take them back too, roll back the rollout that moved them, or "
            "upgrade them to the scale set's image."
        )

    def _what_is_where(self) -> str:
        if self._moved_any:
            return self._places.after_forward()
        planned = bool(self.progress.tally.cells)
        return "No instance was touched." if planned and self.phase is Phase.FAILED else ""

    def _failures(self) -> str:
        """Who has failed, and why, as far as the beginning has not said it."""
        failed = self.progress.tally.failed
        reasons = failures_by_reason(failed, self.progress.tally.reasons)
        new = " ".join(reason for reason in reasons if reason not in self.why)
        within = f"{len(failed)} failed, within the budget: "
        lead = within if self.phase is Phase.SUCCEEDED else "Failed: "
        return " ".join(filter(None, [f"{lead}{new}" if new else "", self._healthy_by_now(failed)]))

    def _healthy_by_now(self, failed: list[str]) -> str:
        healthy = [instance_id for instance_id in failed if instance_id in self.state.healthy]
        return f"Healthy by now: {named(healthy)}." if healthy else ""

    def _nothing_moved(self) -> str:
        cells = self.progress.tally.cells
        if not cells:
            return "Nothing to upgrade: the scale set has no instances."
        why = ", or ".join(sorted({self._reason(instance_id) for instance_id in cells}))
        return f"Nothing to do: each of the {len(cells)} instance(s) {why}."

    def _reason(self, instance_id: str) -> str:
        if self.progress.tally.cells[instance_id] is Cell.GONE:
            return GONE
        return self.progress.tally.reasons.get(instance_id, "was left alone")

    def _next(self) -> str:
        """What to do now."""
        if self.phase in {Phase.SUCCEEDED, Phase.ROLLED_BACK}:
            return self._look_at_the_unhealthy()
        if not self.progress.rolling_back:
            return self._after_forward()
        if Verb.ROLLBACK not in self.progress.verbs:
            return ""
        aborted = self.phase is Phase.ABORTED
        return "Roll back again to go on." if aborted else "Fix the cause, then roll back again."

    def _look_at_the_unhealthy(self) -> str:
        state = self.state
        named_ones = [*state.unhealthy, *state.unknown, *state.returned_not_healthy]
        return "Look at those that are not healthy." if named_ones else ""

    def _after_forward(self) -> str:
        verbs, aborted = self.progress.verbs, self.phase is Phase.ABORTED
        if Verb.ROLLBACK not in verbs:
            return "" if aborted else "Fix the cause, then start again."
        if Verb.RETRY in verbs:
            return "Retry, roll back, or start again."
        if self.progress.tally.failed:
            look = "Look at the instances that failed and at the image"
            return f"{look}; then roll back, or start again with an image that works."
        start = "Start again" if aborted else "Fix the cause; then start again"
        return f"{start} to go on with the rest, or roll back."
