"""What each verb would do to a rollout as it is now, in words to confirm."""

from collections.abc import Callable, Mapping

from rollout.base import Phase, counted
from rollout.run.verb import Verb
from rollout.run.view import RolloutView

type Consequences = dict[Verb, str]


def consequences_of(view: RolloutView) -> Consequences:
    """A sentence or two for every verb that is accepted now."""
    return {verb: _SENTENCES[verb](view) for verb in view.verbs}


def _resume(view: RolloutView) -> str:
    return f"It goes on{_with_next(view)}, after the same checks as before any batch."


def _approve(view: RolloutView) -> str:
    again = "The next batch waits for an approval again."
    asks = again if view.policy.approval == "everyBatch" else "Nothing else waits for an approval."
    return f"What waits begins, unless its checks say no. {asks}"


def _skip(view: RolloutView) -> str:
    if gate := _gate(view):
        return f"It goes on without gate {gate}."
    if hook := _hook(view):
        return f"It goes on without hook {hook}."
    failed = counted(view.counts.failed, "failed instance")
    left = "as it is" if view.counts.failed == 1 else "as they are"
    return f"It leaves {failed} {left}, and goes on with the others."


def _pause(view: RolloutView) -> str:
    return f"{_settles(view)}Nothing more begins until somebody resumes it."


def _with_next(view: RolloutView) -> str:
    left = view.batch < view.batches
    return f" with batch {view.batch + 1} of {view.batches}" if left else ""


def _settles(view: RolloutView) -> str:
    if not view.batch_began_at:
        return ""
    return f"Batch {view.batch} of {view.batches}, which is under way, settles first. "


def _then(view: RolloutView) -> str:
    return f"{_settles(view)}Then " if view.batch_began_at else ""


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]


def _gate(view: RolloutView) -> str | None:
    """The gate about which the operator decides, if it is one."""
    return view.waits.gate if view.waits else None


def _hook(view: RolloutView) -> str | None:
    """The hook about which the operator decides, if it is one."""
    return view.waits.hook if view.waits else None


def _retry(view: RolloutView) -> str:
    if hook := _hook(view):
        return f"It calls hook {hook} again."
    if gate := _gate(view):
        return f"It asks gate {gate} again, and the others of its place."
    if Verb.SKIP in view.verbs:
        failed = counted(view.counts.failed, "failed instance")
        return f"It sends {failed} to Azure once more, and watches them like any batch."
    return "It goes on where it broke off, after a look at every instance."


def _abort(view: RolloutView) -> str:
    if view.control.ending:
        return f"{_settles(view)}It ends then, and does not go back."
    if view.phase is Phase.ROLLING_BACK:
        return f"{_settles(view)}It ends: what has not gone back runs the image that it runs now."
    counts = view.counts
    moved = counts.done + counts.failed + counts.in_progress
    if not moved:
        untouched = "No instance has been sent the new image, and the scale set's model stays"
        return _sentence(f"{_then(view)}it ends: nothing is put back. {untouched} as it is.")
    sent = f"{counted(moved, 'instance')} {'has' if moved == 1 else 'have'}"
    keeps = "keeps the one it has" if counts.pending == 1 else "keep the one they have"
    return _sentence(
        f"{_then(view)}it ends: nothing is put back. {sent} been sent the new image, "
        f"{counts.pending} {keeps}, and the scale set's model stays as it is."
    )


def _rollback(view: RolloutView) -> str:
    counts = view.counts
    count = counts.done + counts.failed + counts.in_progress
    image = view.image.from_image
    if not count:
        back = f"goes back to {image}" if image else "is what it was"
        return _sentence(f"{_then(view)}the model {back}; no instance was moved yet.")
    moved = counted(count, "instance")
    to = f"to {image}" if image else "to the images they had"
    return _sentence(f"{_then(view)}the model and {moved} go back {to}, one batch after another.")


def _break_glass(view: RolloutView) -> str:
    return (
        f"It waits for no window and no freeze any more and goes on{_with_next(view)}, after the "
        "same checks as before any batch. That cannot be taken back; the log keeps who did it and "
        "why."
    )


_SENTENCES: Mapping[Verb, Callable[[RolloutView], str]] = {
    Verb.RESUME: _resume,
    Verb.APPROVE: _approve,
    Verb.RETRY: _retry,
    Verb.SKIP: _skip,
    Verb.PAUSE: _pause,
    Verb.ABORT: _abort,
    Verb.ROLLBACK: _rollback,
    Verb.BREAK_GLASS: _break_glass,
}
