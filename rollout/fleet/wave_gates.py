"""Which gates are asked when a wave is done: those of the policies of its scale sets."""

from collections.abc import Iterable, Mapping
from itertools import count

from rollout.gates import Gate, GatePlace
from rollout.plan import Policy

_LONGEST_NAME, _MOST_OF_A_NAME = 50, 24


def gates_at_waves(policies: Mapping[str, Policy], used: Iterable[str]) -> list[Gate]:
    """Those of the policies that are used, each once, and no two by one name."""
    named = _named(policies)
    found = [gate for name in dict.fromkeys(used) for gate in named[name]]
    return list({gate.name: gate for gate in found}.values())


def _named(policies: Mapping[str, Policy]) -> dict[str, list[Gate]]:
    """Those of each policy. Two policies of the app's settings may mean two gates by one name: then
    each has that of its policy too, and a number where that is cut, or is the name of another.
    All policies count, so that a gate has one name whichever of them are used.
    """
    own = {name: policy.gates_at(GatePlace.WAVE) for name, policy in policies.items()}
    everywhere = [gate for gates in own.values() for gate in gates]
    taken = {gate.name for gate in everywhere}
    named: dict[str, list[Gate]] = {}
    for policy, gates in sorted(own.items()):
        named[policy] = []
        for gate in gates:
            shown = gate
            if any(each.name == gate.name and each != gate for each in everywhere):
                name = _free(f"{gate.name[:_MOST_OF_A_NAME]} of {policy}", taken)
                taken.add(name)
                shown = gate.model_copy(update={"name": name})
            named[policy].append(shown)
    return named


def _free(name: str, taken: set[str]) -> str:
    """That name, or it with the first number that makes it no other's."""
    ends = ("" if number == 1 else f" {number}" for number in count(1))
    names = (f"{name[: _LONGEST_NAME - len(end)].rstrip()}{end}" for end in ends)
    return next(each for each in names if each not in taken)
