"""Asks the gates of a place, until they let the rollout go on."""

from datetime import datetime
from typing import Any

from orchestrators.engine import (
    Steps,
    conclude,
    conclude_if_requested,
    halt_at_deadline,
    may_begin,
    rest,
    wait_for_decision,
)
from orchestrators.rollout.run import RolloutRun
from rollout.base import ArmError, EventKind, Proceed, capitalized
from rollout.gates import (
    ASK_GATE,
    Answered,
    Gate,
    GateNotPassed,
    GatePlace,
    GateRound,
    GateSaid,
    LookAgain,
    Passed,
    Weight,
)
from rollout.plan import Batch
from rollout.run import Ask, GateSite, Verb, after_gate


def pass_gates(run: RolloutRun, place: GatePlace, batch: Batch | None = None) -> Steps[bool]:
    """Returns when the gates of that place have passed: whether that took any time. Raises
    Concluded. Without gates there, nothing is done at all.
    """
    gates = run.request.policy.gates_at(place)
    if not gates:
        return False
    return (yield from _Keeper(run, GateSite(place, batch), gates).passed())


def stands_after_batch(run: RolloutRun) -> bool:
    """Whether the last batch is settled, and only the gates after it keep the next one."""
    number = run.progress.batch
    return any(_stands_at(run, place, number) for place in (GatePlace.BAKE, GatePlace.AFTER_BATCH))


def pass_gates_after(run: RolloutRun, batch: Batch) -> Steps[None]:
    """Those after a batch, if it has upgraded anything."""
    if not run.progress.tally.any_done(batch.instance_ids):
        return
    if batch.canary and not _stands_at(run, GatePlace.AFTER_BATCH, run.progress.batch):
        yield from pass_gates(run, GatePlace.BAKE, batch)
    yield from pass_gates(run, GatePlace.AFTER_BATCH, batch)
    run.place = run.place.at_gates(None)


def _stands_at(run: RolloutRun, place: GatePlace, number: int) -> bool:
    return run.place.gates is not None and run.place.gates.at(place, number)


class _Keeper:
    """The gates of one place. Everything known of them is in the rollout's place, so that another
    generation goes on with it.
    """

    def __init__(self, run: RolloutRun, site: GateSite, gates: list[Gate]) -> None:
        self._run = run
        self._site = site
        self._gates = gates
        self._waited = False
        number = site.number(run.progress)
        if not _stands_at(run, site.place, number):
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
        for gate in self._round.due(self._gates, self._run.now):
            answered = yield from self._ask(gate)
            now = self._run.now
            self._round = self._round.after(gate, answered, now)
            said = GateSaid(verdict=answered.verdict, message=answered.message, at=now)
            self._run.progress = self._run.progress.asked(gate.name, said)

    def _ask(self, gate: Gate) -> Steps[Answered]:
        run = self._run
        attempt = self._round.state_of(gate, run.now).asked + 1
        question = self._site.question(run.progress, gate, run.now, attempt)
        answered = yield from run.activities.call_once(ASK_GATE, question)
        return Answered.unknown(str(answered)) if isinstance(answered, ArmError) else answered

    def _look_again(self, at: datetime) -> Steps[None]:
        """Wait until then, or for the operator."""
        run = self._run
        names = ", ".join(self._round.undecided(self._gates, run.now))
        message = f"Waiting for gates {self._site.named(run.progress)}: {names}"
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
            halt_at_deadline(run)
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
        run.publish()

    def _note(self, gate: Gate, note: str) -> None:
        """What a gate says that holds nobody; of a dry run, what it would have done."""
        run = self._run
        would = f": with weight required, {_would(run)}" if gate.weight is Weight.DRY_RUN else ""
        message = f"{note} ({gate.weight.value}, {self._site.named(run.progress)}){would}"
        evidence = self._evidence(gate)
        run.recorder.write(EventKind.GATE_NOTED, capitalized(message), **evidence)

    def _not_passed(self, failed: GateNotPassed) -> None:
        """The policy decides. Raises Concluded."""
        run, gate = self._run, self._gate(failed.name)
        message = f"{failed.reason} ({self._site.named(run.progress)})"
        evidence = self._evidence(gate)
        run.recorder.write(EventKind.GATE_FAILED, capitalized(message), **evidence)
        match after_gate(run.progress, self._site, gate, failed):
            case Ask():
                until = min(run.now + run.request.policy.decision_timeout, run.deadline)
                asked = failed.model_copy(update={"asked_until": until})
                self._round = self._round.held_by(asked)
            case conclusion:
                conclude(conclusion)

    def _ask_operator(self, failed: GateNotPassed) -> Steps[None]:
        """Ask the gate again, or go on without it. Raises Concluded."""
        run, until = self._run, failed.asked_until or self._run.deadline
        rest(run)
        self._waited = True
        where = self._site.named(run.progress)
        advice = "Retry to ask its gates again, skip to go on without it, roll back, or abort."
        message = f"Paused {where}: {failed.reason}. {advice}"

        def late() -> str:
            why = f"{failed.reason} ({where}), and no decision was made in time"
            return run.ending.stopped(why)

        asked = wait_for_decision(run, message, until, late, failed.name)
        if decision := (yield from asked):
            skips = decision.verb is Verb.SKIP
            self._round = self._round.without(failed.name) if skips else self._round.anew()
            yield from run.goes_on()
            run.progress = run.progress.consumed()

    def _gate(self, name: str) -> Gate:
        return next(gate for gate in self._gates if gate.name == name)

    def _evidence(self, gate: Gate) -> dict[str, Any]:
        shown = {"gate": gate.name, "place": gate.place, "weight": gate.weight}
        return {**shown, "answers": self._round.evidence([gate.name])[gate.name]}


def _would(run: RolloutRun) -> str:
    """What a failure of it would have led to."""
    acts = {"rollback": "rolled back", "pause": "paused", "stop": "stopped"}
    return f"the rollout would wait for it, or be {acts[run.request.policy.on_failure]}"
