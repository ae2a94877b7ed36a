"""Calls the hooks before and after a batch, until they are done or the policy says what follows."""

from collections.abc import Sequence
from datetime import datetime

from orchestrators.engine import (
    Steps,
    conclude,
    conclude_if_requested,
    halt_at_deadline,
    rest,
)
from orchestrators.gates import ask_about
from orchestrators.rollout.hook_calls import call_hook, later_answer, owing_hooks, withdraw
from orchestrators.rollout.putting_back import owe, put_back_now
from orchestrators.rollout.run import RolloutRun
from rollout.base import EventKind, Proceed, capitalized
from rollout.hooks import (
    AllCalled,
    CallNow,
    Hook,
    HookNotDone,
    HookPlace,
    HookRound,
    LookLater,
)
from rollout.plan import Batch
from rollout.run import Ask, Verb
from rollout.run_hooks import HookSite


def drained(run: RolloutRun, batch: Batch) -> Steps[bool]:
    """Whether the hooks before this batch are done, so that it may be sent. False if everything is
    to be asked again, because somebody has spoken, and then what they have drained is put back
    first; or because the line is stopped, and then nothing is drained. Raises Concluded, also if
    the deadline has passed: nothing is drained after it. Without hooks, nothing is done at all.
    """
    if not run.request.policy.hooks:
        return True
    if not is_draining(run):
        yield from run.keep_lock()
        if run.place.line:
            return False
    if (yield from _HookCaller(run, HookSite(HookPlace.BEFORE_BATCH, batch)).finished()):
        return True
    run.asks_anew()
    yield from put_back_now(run)
    return False


def put_back(run: RolloutRun, batch: Batch) -> Steps[None]:
    """Returns when the hooks after this batch are done, or are gone on without. Raises
    Concluded.
    """
    if run.progress.owed:
        yield from _HookCaller(run, HookSite(HookPlace.AFTER_BATCH, batch)).finished()


def is_draining(run: RolloutRun) -> bool:
    """Whether hooks have begun to drain the next batch, or somebody is asked about one of them: its
    instances are away already, so that nothing else keeps it any more.
    """
    hooks = run.place.hooks
    at = hooks is not None and hooks.at(HookPlace.BEFORE_BATCH, run.progress.batch + 1)
    return bool(hooks and at and (hooks.number or hooks.failed))


def puts_back(run: RolloutRun) -> bool:
    """Whether the last batch is settled, and its instances are being put back."""
    hooks = run.place.hooks
    return hooks is not None and hooks.at(HookPlace.AFTER_BATCH, run.progress.batch)


class _HookCaller:
    """The hooks of one place. Everything known of them is in the rollout's place, so that another
    generation goes on with it.
    """

    def __init__(self, run: RolloutRun, site: HookSite) -> None:
        self._run = run
        self._site = site
        self._before = site.place is HookPlace.BEFORE_BATCH
        number, known = site.number(run.progress), run.place.hooks
        if known is None or not known.at(site.place, number):
            self._round = HookRound(place=site.place, batch=number)

    @property
    def _round(self) -> HookRound:
        if self._run.place.hooks is None:
            raise LookupError
        return self._run.place.hooks

    @_round.setter
    def _round(self, now: HookRound) -> None:
        self._run.place = self._run.place.calling(now)

    def _begin(self) -> int:
        if self._before:
            return owe(self._run, self._site)
        return self._run.progress.owed.number if self._run.progress.owed else 0

    @property
    def _hooks(self) -> Sequence[Hook]:
        run, place = self._run, self._site.place
        return run.request.policy.hooks_at(place) if self._before else owing_hooks(run)

    def finished(self) -> Steps[bool]:
        """Whether it may go on; False if everything before the batch is to be asked again."""
        while not self._round.done:
            if (yield from self._held()):
                return False
            if not self._round.failed:
                yield from self._step()
        return True

    def _held(self) -> Steps[bool]:
        """Whether somebody has spoken, so that what was drained is to be put back. After a batch
        only an end counts: what is under way is put back all the same.
        """
        if failed := self._round.failed:
            if not self._before and not self._owes(failed):
                return (yield from self._goes_on_by_itself())
            decided = yield from self._ask_operator(failed)
            return self._before and decided
        conclude_if_requested(self._run)
        control = self._run.progress.control
        if not self._before or isinstance(control.before_step(), Proceed):
            return False
        self._round = self._round.anew()
        return True

    def _owes(self, failed: HookNotDone) -> bool:
        return any(hook.name == failed.name for hook in owing_hooks(self._run))

    def _goes_on_by_itself(self) -> Steps[bool]:
        """While the operator was asked, it has answered that all is put back."""
        self._round = self._round.again()
        yield from self._run.goes_on()
        self._run.progress = self._run.progress.consumed()
        self._run.report(f"Instances are back {self._site.named(self._run.progress)}")
        return False

    def _step(self) -> Steps[None]:
        if self._before:
            halt_at_deadline(self._run)  # what is drained then would be drained for nothing
        if not self._round.number:
            self._round = self._round.begun(self._begin())
        self._count_answer()
        match self._round.decide(self._hooks, self._run.now):
            case AllCalled():
                self._note_done()
            case CallNow(hook):
                yield from self._call(hook)
            case LookLater(hook, at):
                yield from self._look_later(hook, at)
            case HookNotDone() as failed:
                yield from self._not_done(failed)

    def _count_answer(self) -> None:
        """What has come since to the last call."""
        run, hook = self._run, self._round.turn_of(self._hooks)
        if hook is None:
            return
        call = self._site.call(run.progress, hook, self._round.number, self._round.calls)
        if answered := later_answer(run, call):
            self._round = self._round.heard(hook, answered, run.now)

    def _call(self, hook: Hook) -> Steps[None]:
        run, called = self._run, self._run.now
        if not self._round.calls:
            run.report(f"Calling hook {hook.name} {self._site.named(run.progress)}")
        attempt = self._round.calls + 1
        call = self._site.call(run.progress, hook, self._round.number, attempt)
        expires = min(self._round.ends(hook, run.now), run.deadline)
        answered = yield from call_hook(run, call, expires)
        self._round = self._round.after(hook, answered, called, run.now)

    def _look_later(self, hook: Hook, at: datetime) -> Steps[None]:
        """Wait until then, or for the operator."""
        run, state = self._run, self._round.state
        waited = f"for hook {hook.name} {self._site.named(run.progress)}"
        message = f"Waiting {waited}"
        run.report(message)
        if message != self._round.said and state:
            run.recorder.write(EventKind.WAITING, message, answer=state.evidence)
            self._round = self._round.waiting(message)
        rest(run)
        moment = min(at, run.deadline)
        if not (yield from run.events.sleep_until(moment)):
            halt_at_deadline(run, waited)
            self._round = self._round.seen_again(moment, run.now)

    def _note_done(self) -> None:
        run = self._run
        left = [each.name for each in self._hooks if each.name not in self._round.skipped]
        if self._before and left:
            message = f"Drained {self._site.named(run.progress)}: {', '.join(left)}"
            run.recorder.write(EventKind.DRAINED, message, hooks=left)
        self._round = self._round.finished()
        run.publish()

    def _not_done(self, failed: HookNotDone) -> Steps[None]:
        """Its action decides, and then the policy. Raises Concluded."""
        run = self._run
        hook = next(each for each in self._hooks if each.name == failed.name)
        if self._before:
            withdraw(run, hook)
        message = capitalized(f"{failed.reason} ({self._site.named(run.progress)})")
        state = self._round.state
        evidence = {"hook": hook.name, "answer": state.evidence if state else {}}
        if hook.action == "goOn":
            run.recorder.write(EventKind.HOOK_NOTED, f"{message}. It goes on", **evidence)
            self._round = self._round.without(failed.name)
            return
        run.recorder.write(EventKind.HOOK_FAILED, message, **evidence)
        match self._site.fails(run.progress, failed):
            case Ask():
                held = failed.model_copy(update={"asked_until": run.decide_by})
                before = self._round.anew() if self._before else self._round
                self._round = before.held_by(held)
                yield from put_back_now(run)
                if not self._before and not self._owes(failed):
                    self._round = self._round.again()  # it was done meanwhile
            case conclusion:
                conclude(conclusion)

    def _ask_operator(self, failed: HookNotDone) -> Steps[bool]:
        """Call the hook again, or go on without it: whether that was decided. Raises Concluded."""
        run = self._run
        advice = "Retry to call it again, skip to go on without it, roll back, or abort."
        asked = ask_about(run, self._site.named(run.progress), failed, advice)
        if decision := (yield from asked):
            skips = decision.verb is Verb.SKIP
            self._round = self._round.skipping(failed.name) if skips else self._round.again()
            yield from run.goes_on()
            run.progress = run.progress.consumed()
        return decision is not None
