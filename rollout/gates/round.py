"""The gates of one place, asked in rounds until they let the rollout go on."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Self

from rollout.base import Value
from rollout.gates.answered import Answered
from rollout.gates.gate import Gate, GatePlace
from rollout.gates.state import GateState, LookAgain, NotPassed, Passed


class GateNotPassed(Value):
    """A required gate has not passed, for that reason; `unsure` if it could not be told. The
    operator is asked about it from `asked_at` until `asked_until`, if somebody is.
    """

    name: str
    reason: str
    unsure: bool = False
    asked_at: datetime | None = None
    asked_until: datetime | None = None

    def asking(self, since: datetime, until: datetime) -> Self:
        """With how long the operator is asked about it."""
        return self.model_copy(update={"asked_at": since, "asked_until": until})


class GateRound(Value):
    """How far the gates of a place have come. `batch` is the one that they are before or after;
    `hold` is how long they are watched before they may pass. `skipped` are those that the operator
    goes on without, and `failed` is the one that keeps the rollout; `done` once all have passed.
    `said` is what the log says that it waits for.
    """

    place: GatePlace
    batch: int = 0
    hold: timedelta = timedelta(0)
    states: dict[str, GateState] = {}
    skipped: list[str] = []
    failed: GateNotPassed | None = None
    done: bool = False
    said: str = ""

    def at(self, place: GatePlace, batch: int) -> bool:
        """Whether it is the round of that place, before or after that batch."""
        return (self.place, self.batch) == (place, batch)

    def anew(self) -> Self:
        """Without what was answered: nobody looked meanwhile, or it is to be asked once more."""
        return self.model_copy(update={"states": {}, "failed": None, "done": False, "said": ""})

    def due(self, gates: Sequence[Gate], now: datetime) -> list[Gate]:
        """Those to be asked now."""
        return [gate for gate in self.left(gates) if self._is_due(gate, now)]

    def _is_due(self, gate: Gate, now: datetime) -> bool:
        state = self.states.get(gate.name)
        if state is None:
            return True
        return state.due(now) and isinstance(state.decide(gate, state.at or now), LookAgain)

    def state_of(self, gate: Gate, now: datetime) -> GateState:
        return self.states.get(gate.name) or GateState.begin(now, self.hold)

    def after(self, gate: Gate, answered: Answered, now: datetime) -> Self:
        """With one more answer."""
        return self._with(gate, self.state_of(gate, now).after(gate, answered, now))

    def posted(self, gate: Gate, answered: Answered, now: datetime) -> Self:
        """Once it was asked, and has yet to answer."""
        return self._with(gate, self.state_of(gate, now).posted(gate, answered, now))

    def heard(self, gate: Gate, answered: Answered, now: datetime) -> Self:
        """With the answer to a question that was asked before."""
        return self._with(gate, self.state_of(gate, now).heard(gate, answered, now))

    def _with(self, gate: Gate, state: GateState) -> Self:
        return self.model_copy(update={"states": {**self.states, gate.name: state}})

    def ends(self, gate: Gate, now: datetime) -> datetime:
        """When it must have passed."""
        return self.state_of(gate, now).ends(gate)

    def seen_again(self, gates: Sequence[Gate], planned: datetime, now: datetime) -> Self:
        """When somebody looks that was to look at `planned`."""
        seen = {
            gate.name: self.states[gate.name].seen_again(gate, planned, now)
            for gate in gates
            if gate.name in self.states
        }
        return self.model_copy(update={"states": {**self.states, **seen}})

    def without(self, failed: GateNotPassed, gates: Sequence[Gate], now: datetime) -> Self:
        """Going on without that gate. While the operator was asked, no gate was."""
        update = {"skipped": [*self.skipped, failed.name], "failed": None}
        return self.seen_again(gates, failed.asked_at or now, now).model_copy(update=update)

    def held_by(self, failed: GateNotPassed) -> Self:
        return self.model_copy(update={"failed": failed})

    def waiting(self, said: str) -> Self:
        return self.model_copy(update={"said": said})

    def passed(self) -> Self:
        return self.model_copy(update={"done": True})

    def decide(self, gates: Sequence[Gate], now: datetime) -> Passed | LookAgain | GateNotPassed:
        """What the required ones say together. The others hold nobody."""
        again: list[datetime] = []
        for gate in self.left(gates):
            decision = self.state_of(gate, now).decide(gate, now) if gate.required else Passed()
            match decision:
                case NotPassed(reason, unsure):
                    return GateNotPassed(name=gate.name, reason=reason, unsure=unsure)
                case LookAgain(at):
                    again.append(at)
                case Passed():
                    pass
        return LookAgain(min(again)) if again else Passed()

    def undecided(self, gates: Sequence[Gate], now: datetime) -> list[str]:
        """The names of those that it waits for."""
        return [
            gate.name
            for gate in self.left(gates)
            if gate.required and not isinstance(self.state_of(gate, now).decide(gate, now), Passed)
        ]

    def notes(self, gates: Sequence[Gate], now: datetime) -> list[tuple[Gate, str]]:
        """Those that are not required and do not pass: what they say."""
        return [
            (gate, note)
            for gate in gates
            if not gate.required and (note := _note(gate, self.state_of(gate, now), now))
        ]

    def evidence(self, names: Iterable[str] | None = None) -> dict[str, Any]:
        """What was answered, by name; of all, or of those."""
        chosen = self.states if names is None else {name: self.states[name] for name in names}
        return {name: state.evidence for name, state in chosen.items()}

    def left(self, gates: Sequence[Gate]) -> list[Gate]:
        """Without those that the operator goes on without."""
        return [gate for gate in gates if gate.name not in self.skipped]


def _note(gate: Gate, state: GateState, now: datetime) -> str | None:
    """What is said of a gate that holds nobody, if it has not passed."""
    match state.decide(gate, now):
        case Passed():
            return None
        case NotPassed(reason):
            return reason
        case LookAgain():
            said = state.last.message if state.last else "it was not asked"
            return f"gate {gate.name} has not passed: {said}"
