"""Which gates are asked between the waves of a fleet rollout, and what they are asked with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from rollout.base import FieldError, Problem
from rollout.fleet import (
    FleetMember,
    FleetOrder,
    FleetProgress,
    FleetRolloutRequest,
    WaveSite,
    questions_now,
)
from rollout.fleet.at_gates import refused_policies
from rollout.fleet.wave_gates import gates_at_waves
from rollout.gates import GatePlace
from rollout.inventory import ScaleSetId
from rollout.plan import Policy
from rollout.windows import Calendar

SETS = "/subscriptions/s-1/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/"
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def policy(*names: str, place: str = "wave", url: str = "https://checks.contoso.com") -> Policy:
    check = {"kind": "http", "url": url}
    gates = [{"name": name, "place": place, "check": check} for name in names]
    return Policy.from_request({"gates": gates})


def order(*policies: str, **known: Policy) -> FleetOrder:
    """A wave for each of these policies, by their names."""
    waves: list[dict[str, Any]] = [
        {"name": f"wave {at}", "scaleSets": [f"{SETS}{at}"]} for at in range(len(policies))
    ]
    request = {"image": {"version": "1.0.1"}, "waves": waves}
    members = [
        [FleetMember(scale_set=ScaleSetId.parse(f"{SETS}{at}"), rollout_id=f"r{at}", policy=name)]
        for at, name in enumerate(policies)
    ]
    return FleetOrder(
        id="f1",
        request=FleetRolloutRequest.from_request(request),
        members=members,
        policies={"": Policy(), **known},
    )


def test_they_are_those_of_the_policies_of_the_scale_sets() -> None:
    mixed = policy("a").model_copy(
        update={"gates": [*policy("a").gates, *policy("b", place="end").gates]}
    )
    asked = order("one", "two", one=mixed, two=policy("a", "c"))
    assert [gate.name for gate in asked.gates] == ["a", "c"]
    assert [[gate.name for gate in asked.gates_of(at)] for at in (0, 1)] == [["a"], ["a", "c"]]
    assert [gate.place for gate in mixed.of_one_scale_set.gates] == [GatePlace.END]


def test_two_policies_of_the_app_may_mean_two_gates_by_one_name() -> None:
    known = {"web": policy("errors"), "api": policy("errors", url="https://api.contoso.com")}
    names = [gate.name for gate in gates_at_waves(known, ["web", "api"])]
    assert names == ["errors of web", "errors of api"]


def test_a_policy_that_nobody_uses_asks_nothing() -> None:
    asked = order("two", one=policy("a"), two=policy("b"))
    assert [gate.name for gate in asked.gates] == ["b"]


def test_a_plan_asks_each_once_about_the_first_wave_that_it_is_asked_after() -> None:
    asked = order("one", "two", one=policy("a"), two=policy("a", "c"))
    found = [
        (each.gate.name, each.batch, each.scale_set.name) for each in questions_now(asked, NOW)
    ]
    assert found == [("a", 1, "0"), ("c", 2, "1")]


def test_what_is_wrong_with_a_policy_is_said_where_it_is() -> None:
    wrong = Problem(
        status=400,
        title="A gate cannot be asked",
        detail="1 error",
        errors=[FieldError(path="policy.gates[0].check.url", message="is never called")],
    )
    found = refused_policies(
        order("", "wave 1", **{"wave 1": policy("a")}), {"": wrong, "wave 1": wrong}
    )
    assert found is not None
    assert [error.path for error in found.errors] == [
        "policy.gates[0].check.url",
        "waves[1].policy.gates[0].check.url",
    ]
    assert refused_policies(order(""), {"": None}) is None


def test_windows_of_the_app_or_of_a_policy_may_hold_it_up() -> None:
    window = {"from": "22:00", "to": "05:00", "timeZone": "Europe/Berlin"}
    nightly = Policy.from_request({"windows": [window]})
    assert not order("").starting(Calendar()).held_up
    assert order("one", one=nightly).starting(Calendar()).held_up
    assert order("").starting(nightly.calendar).held_up


LONG = "checkout errors of the last half hour"


def test_no_gate_is_lost_because_its_name_was_cut() -> None:
    """Where it is cut, names of gates and of policies may be the same again."""
    first, other = f"{LONG} in Europe", f"{LONG} in America"
    policies = {
        f"{LONG} {at}": policy(first, other, url=f"https://{at}.contoso.com") for at in range(3)
    }
    found = gates_at_waves(policies, policies)
    names = [gate.name for gate in found]
    assert len(found) == len({name.casefold() for name in names}) == 6
    assert max(map(len, names)) <= 50
    apart = [name for policy in policies for name in _names(policies, policy)]
    assert apart == names


def _names(policies: dict[str, Policy], used: str) -> list[str]:
    return [gate.name for gate in gates_at_waves(policies, [used])]


def test_no_gate_has_the_name_that_another_was_given() -> None:
    known = {
        "web": policy("errors", "errors of api"),
        "api": policy("errors", url="https://api.contoso.com"),
    }
    names = [gate.name for gate in gates_at_waves(known, ["web", "api"])]
    assert names == ["errors of web", "errors of api", "errors of api 2"]
    assert [gate.check.kind for gate in gates_at_waves(known, ["api"])] == ["http"]


def test_alerts_count_from_the_begin_of_the_wave_before() -> None:
    second, third = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    alerts = {"kind": "alert", "rules": ["errors"]}
    gates = [
        {"name": "alerts", "place": "wave", "check": alerts},
        {
            "name": "http",
            "place": "wave",
            "check": {"kind": "http", "url": "https://a.contoso.com"},
        },
    ]
    known = Policy.from_request({"gates": gates})
    asked = order("one", "one", "one", one=known)
    progress = FleetProgress.begun(asked, NOW).wave_started(0, NOW)
    since: list[list[datetime]] = []
    for index, began in enumerate((NOW, second, third)):
        progress = progress.wave_started(index, began) if index else progress
        site = WaveSite(index)
        since.append(
            [site.question(progress, gate, third, 1).since for gate in asked.gates_of(index)]
        )
    assert since == [[NOW, NOW], [NOW, second], [second, third]]
    unknown = replace(progress, wave_before_began_at=None, wave_began_at=None)
    assert WaveSite(2).question(unknown, known.gates[0], third, 1).since == NOW
