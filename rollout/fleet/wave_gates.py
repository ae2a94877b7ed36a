"""Which gates are asked when a wave is done: those of the policies of its scale sets."""

from collections.abc import Iterable, Mapping

from rollout.gates import Gate, GatePlace
from rollout.plan import Policy

_LONGEST_NAME, _MOST_OF_A_NAME = 50, 24


def gates_at_waves(policies: Mapping[str, Policy], used: Iterable[str]) -> list[Gate]:
    """Those of the policies that are used, each once."""
    found = [gate for name in dict.fromkeys(used) for gate in _own(policies, name)]
    return list({gate.name: gate for gate in found}.values())


def _own(policies: Mapping[str, Policy], name: str) -> list[Gate]:
    """Those of a policy. Two policies of the app's settings may mean two gates by one name."""
    everywhere = [each for policy in policies.values() for each in policy.gates_at(GatePlace.WAVE)]
    return [
        gate.model_copy(update={"name": f"{gate.name[:_MOST_OF_A_NAME]} of {name}"[:_LONGEST_NAME]})
        if any(each.name == gate.name and each != gate for each in everywhere)
        else gate
        for gate in policies[name].gates_at(GatePlace.WAVE)
    ]
