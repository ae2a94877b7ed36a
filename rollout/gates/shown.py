"""Gates as users see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rollout.base import Value, shortened
from rollout.gates.answered import GateVerdict
from rollout.gates.gate import Gate, GatePlace, Weight

_ROOM, _LEAST = 1200, 40
"""In characters of JSON: what all messages share, since a custom status is limited."""
STATIC = {"place", "kind", "weight"}
"""What the policy says of a gate, so that it is not published."""


class GateSaid(Value):
    """What a gate has answered last, and when."""

    verdict: GateVerdict
    message: str
    at: datetime


class GateLine(Value):
    """A gate of the policy with its last answer, if it was asked; or what is waited for as a gate
    is: an approval, a bake, a pause. `until` is when a wait ends, if that is known.
    """

    name: str
    place: GatePlace = GatePlace.START
    kind: str = ""
    weight: Weight = Weight.REQUIRED
    verdict: GateVerdict | None = None
    message: str | None = None
    at: datetime | None = None
    until: datetime | None = None


def gate_lines(gates: Sequence[Gate], said: Mapping[str, GateSaid]) -> list[GateLine]:
    """A line for each gate."""
    room = max(_LEAST, _ROOM // max(1, len(gates)))
    return [_line(gate, said.get(gate.name), room) for gate in gates]


def _line(gate: Gate, said: GateSaid | None, room: int) -> GateLine:
    line = GateLine(name=gate.name, **_static(gate))
    if said is None:
        return line
    message = shortened(said.message, room)
    return line.model_copy(update={"verdict": said.verdict, "message": message, "at": said.at})


def completed(gates: Sequence[Gate], published: Sequence[Mapping[str, Any]]) -> list[Any]:
    """What was published, with what the policy says."""
    by_name = {line["name"]: line for line in published}
    return [{**by_name.get(gate.name, {"name": gate.name}), **_static(gate)} for gate in gates]


def _static(gate: Gate) -> dict[str, Any]:
    return {"place": gate.place, "kind": gate.check.kind, "weight": gate.weight}
