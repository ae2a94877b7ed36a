"""Asks the gates of a place, until they let go on."""

from datetime import datetime, timedelta
from typing import Any, Protocol

from orchestrators.engine import (
    Steps,
    conclude,
    conclude_if_requested,
    halt_at_deadline,
    may_begin,
    rest,
)
from orchestrators.gates.asking import ask_about
from orchestrators.gates.questions import answer_to, ask_by_callback
from orchestrators.gates.run import AskingRun
from rollout.base import ArmError, EventKind, Phase, Proceed, capitalized
from rollout.callbacks import Asking, CallbackAnswer
from rollout.gates import (
    ASK_GATE,
    GATE,
    Answered,
    CallbackGate,
    Gate,
    GateNotPassed,
    GatePlace,
    GateQuestion,
    GateRound,
    GateSaid,
    LookAgain,
    Passed,
    Weight,
)
from rollout.run import Ask, AskingProgress, Conclusion, Verb

_HELD = {Phase.PAUSED, Phase.AWAITING_APPROVAL}


class GatesSite[P](Protocol):
    """Where in a rollout, or in a fleet rollout, gates are asked: what that means for it."""

    @property
    def place(self) -> GatePlace: ...
    def number(self, progress: P, /) -> int:
        """Of the batch or wave that it is before or after."""
        ...

    def hold(self, progress: P, /) -> timedelta:
        """How long its gates are watched before they may pass."""
        ...

    def named(self, progress: P, /) -> str:
        """In a sentence."""
        ...

    def question(self, progress: P, gate: Gate, now: datetime, attempt: int) -> GateQuestion:
        """What the gate is asked with."""
        ...

    def asking(self, progress: P, gate: Gate, check: CallbackGate, expires: datetime) -> Asking:
        """The same of a gate that is answered later, until then."""
        ...

    def after(self, progress: P, gate: Gate, failed: GateNotPassed) -> Ask | Conclusion:
        """What follows if a required gate has not passed."""
        ...


class Keeper[P: AskingProgress[Any]]:
    """The gates of one place. Everything known of them is in the place of the run, so that another
    generation goes on with it.
    """

    def __init__(self, run: AskingRun[P, Any, Any], site: GatesSite[P], gates: list[Gate]) -> None:
        self._run = run
        self._site = site
        self._gates = gates
        self._waited = False
        number = site.number(run.progress)
        if not run.stands_at(site.place, number):
            hold = site.hold(run.progress)
            self._round = GateRound(place=site.place, batch=number, hold=hold)

    @property
    def _round(self) -> GateRound:
        if self._run.place.gates is None:
            raise LookupError
        return self._run.place.gates

    @_round.setter
    def _round(self, now: GateRound) -> None:
        self._run.place = self._run.place.at_gates(now)

    def passed(self) -> Steps[bool]:
        """Returns when the gates have passed: whether that took any time. Raises Concluded."""
        run = self._run
        while not (self._round.done and self._may_go_on):
            if failed := self._round.failed:
                yield from self._ask_operator(failed)
                continue
            if not self._may_go_on:
                yield from self._held_by_operator()
            yield from self._ask_round()
            if not self._may_go_on:
                continue  # somebody has spoken while it was asked
            match self._round.decide(self._gates, run.now):
                case Passed():
                    self._note_passed()
                case LookAgain(at):
                    yield from self._look_again(at)
                case GateNotPassed() as failed:
                    self._not_passed(failed)
        return self._waited

    @property
    def _may_go_on(self) -> bool:
        return isinstance(self._run.progress.control.before_step(), Proceed)

    def _held_by_operator(self) -> Steps[None]:
        """Whatever was answered before is too old after a pause."""
        self._round = self._round.anew()
        self._waited = True
        yield from may_begin(self._run)

    def _ask_round(self) -> Steps[None]:
        self._count_answers()
        due = self._round.due(self._gates, self._run.now)
        if due and self._run.progress.phase in _HELD:
            # nobody is waited for: what is said from now on would be kept for a later step
            self._run.report(f"Asking gates {self._site.named(self._run.progress)}")
        for gate in due:
            if isinstance(gate.check, CallbackGate):
                yield from self._ask_by_callback(gate, gate.check)
            else:
                self._count(gate, (yield from self._ask(gate)))

    def _count_answers(self) -> None:
        """Those that have come since to what was asked before."""
        for gate in self._round.left(self._gates):
            if not isinstance(gate.check, CallbackGate):
                continue
            if answer := answer_to(self._run, self._asking(gate, gate.check)):
                answered = gate.check.judged(answer, self._run.now)
                self._round = self._round.heard(gate, answered, self._run.now)
                self._say(gate, answered)

    def _count(self, gate: Gate, answered: Answered) -> None:
        self._round = self._round.after(gate, answered, self._run.now)
        self._say(gate, answered)

    def _say(self, gate: Gate, answered: Answered) -> None:
        said = GateSaid(verdict=answered.verdict, message=answered.message, at=self._run.now)
        self._run.progress = self._run.progress.asked(gate.name, said)

    def _ask(self, gate: Gate) -> Steps[Answered]:
        run = self._run
        attempt = self._round.state_of(gate, run.now).asked + 1
        question = self._site.question(run.progress, gate, run.now, attempt)
        answered = yield from run.activities.call_once(ASK_GATE, question)
        return Answered.unknown(str(answered)) if isinstance(answered, ArmError) else answered

    def _ask_by_callback(self, gate: Gate, check: CallbackGate) -> Steps[None]:
        """Nobody waits for the answer to what holds nobody: it is noted when it comes."""
        run, asking = self._run, self._asking(gate, check)
        said = yield from ask_by_callback(run, asking)
        if isinstance(said, CallbackAnswer):
            self._count(gate, check.judged(said, run.now))
            return
        if not gate.required:
            note = f"{gate.weight.value}, {self._site.named(run.progress)}"
            run.progress = run.progress.noting(asking.about, note)
        if not said.delivered:
            self._count(gate, check.not_asked(said))
            return
        expires = run.progress.questions.open[asking.about].expires
        answered = check.asked(expires, expires - run.now + gate.interval)
        self._round = self._round.posted(gate, answered, run.now)
        self._say(gate, answered)

    def _asking(self, gate: Gate, check: CallbackGate) -> Asking:
        run = self._run
        expires = min(self._round.ends(gate, run.now), run.deadline)
        return self._site.asking(run.progress, gate, check, expires)

    def _look_again(self, at: datetime) -> Steps[None]:
        """Wait until then, or for the operator."""
        run = self._run
        names = ", ".join(self._round.undecided(self._gates, run.now))
        waited = f"for gates {self._site.named(run.progress)}: {names}"
        message = f"Waiting {waited}"
        run.report(message)
        if message != self._round.said:
            run.recorder.write(EventKind.WAITING, message, gates=self._round.evidence())
            self._round = self._round.waiting(message)
        rest(run)
        self._waited = True
        moment = min(at, run.deadline)
        received = yield from run.events.sleep_until(moment)
        conclude_if_requested(run)
        if not received:
            halt_at_deadline(run, waited)
            self._round = self._round.seen_again(self._gates, moment, run.now)

    def _note_passed(self) -> None:
        run, where = self._run, self._site.named(self._run.progress)
        for gate, note in self._round.notes(self._gates, run.now):
            self._note(gate, note)
        required = [gate.name for gate in self._gates if gate.required]
        left = [name for name in required if name not in self._round.skipped]
        if left:
            message = f"Gates passed {where}: {', '.join(left)}"
            run.recorder.write(EventKind.GATES_PASSED, message, gates=self._round.evidence(left))
        self._round = self._round.passed()
        run.progress = run.progress.withdrawn(GATE)
        run.publish()

    def _note(self, gate: Gate, note: str) -> None:
        """What a gate says that holds nobody; of a dry run, what it would have done."""
        run = self._run
        would = f": {run.would_have}" if gate.weight is Weight.DRY_RUN else ""
        message = f"{note} ({gate.weight.value}, {self._site.named(run.progress)}){would}"
        evidence = self._evidence(gate)
        run.recorder.write(EventKind.GATE_NOTED, capitalized(message), **evidence)

    def _not_passed(self, failed: GateNotPassed) -> None:
        """The policy decides. Raises Concluded."""
        run, gate = self._run, self._gate(failed.name)
        message = f"{failed.reason} ({self._site.named(run.progress)})"
        evidence = self._evidence(gate)
        run.recorder.write(EventKind.GATE_FAILED, capitalized(message), **evidence)
        run.progress = run.progress.answered(f"{GATE} {gate.name}")
        match self._site.after(run.progress, gate, failed):
            case Ask():
                asked = failed.asking(run.now, run.decide_by)
                self._round = self._round.held_by(asked)
            case conclusion:
                conclude(conclusion)

    def _ask_operator(self, failed: GateNotPassed) -> Steps[None]:
        """Ask the gate again, or go on without it. Raises Concluded."""
        run = self._run
        self._waited = True
        advice = "Retry to ask its gates again, skip to go on without it, roll back, or abort."
        asked = ask_about(run, self._site.named(run.progress), failed, advice)
        if decision := (yield from asked):
            skips = decision.verb is Verb.SKIP
            if skips:
                self._round = self._round.without(failed, self._gates, run.now)
            else:
                run.asks_anew()
            yield from run.goes_on()
            run.progress = run.progress.consumed()

    def _gate(self, name: str) -> Gate:
        return next(gate for gate in self._gates if gate.name == name)

    def _evidence(self, gate: Gate) -> dict[str, Any]:
        shown = {"gate": gate.name, "place": gate.place, "weight": gate.weight}
        return {**shown, "answers": self._round.evidence([gate.name])[gate.name]}
