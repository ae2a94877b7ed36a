"""What a rehearsal says is what a rollout does: both are played, and compared."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from command import Person
from story import NEW, OLD, PLATFORM, System

from vmss_rollout import exits

type Json = dict[str, Any]

AS_SIMULATED = ("--upgrade", "60s", "--boot", "30s")
CASES: dict[str, tuple[Json, Json, list[str]]] = {
    "an instance is sick, one protected, one off": (
        {"capacity": 9, "updateDomains": 3, "unhealthy": ["4"], "protected": ["2"],
         "deallocated": ["5"], "automaticRepairs": True, "tags": {"team": "a"}},
        {"canary": {"instances": 1}}, [],
    ),
    "zones": ({"capacity": 6, "zones": ["1", "2", "3"], "updateDomains": 2}, {}, []),
    "a bad image": ({"capacity": 6, "updateDomains": 3}, {}, ["bad-image"]),
    "it fails on one": (
        {"capacity": 4, "updateDomains": 2}, {"onFailure": "pause"}, ["1=fails"],
    ),
    "no source of health": (
        {"capacity": 2, "updateDomains": 2, "health": "none"},
        {"health": {"source": "powerState"}}, [],
    ),
    "flexible": (
        {"capacity": 3, "orchestrationMode": "Flexible", "flexibleUpgrade": "allow"}, {}, [],
    ),
}  # fmt: skip
FAULTS: dict[str, Json] = {
    "bad-image": {"kind": "badImage", "version": NEW},
    "1=fails": {"kind": "upgradeFails", "instanceIds": ["1"]},
}


def outline(view: Json) -> list[Any]:
    """What the rollout did, and how long after its start."""
    began = datetime.fromisoformat(view["startedAt"])

    def after(at: str | None) -> float | None:
        return (datetime.fromisoformat(at) - began).total_seconds() if at else None

    batches = [
        (batch["place"], batch["instanceIds"], batch.get("cells"), after(batch.get("endedAt")))
        for batch in view["timeline"]
    ]
    return [*batches, view["phase"], view["counts"], after(view["finishedAt"])]


def played(system: System, scale_set: str, policy: Json, faults: list[str]) -> Json:
    """The real one; the end, or where it waits for somebody."""
    for fault in faults:
        system.fault(**FAULTS[fault], scaleSet=scale_set)
    started = system.start(scale_set, policy=policy)
    assert started.status_code == 202, started.text
    id_ = started.json()["id"]
    return system.until(id_, _ends_or_waits, seconds=0)


def _ends_or_waits(view: Json) -> bool:
    return bool(view["finishedAt"]) or view["phase"] == "Paused"


def options(policy: Json, faults: list[str]) -> list[str]:
    fields = [word for name in policy for word in ("--set", f"{name}={json.dumps(policy[name])}")]
    return [*fields, *(word for fault in faults for word in ("--fault", fault))]


@pytest.mark.by_day(3)
@pytest.mark.parametrize("case", CASES)
def test_a_rehearsal_ends_as_the_rollout_does(system: System, person: Person, case: str) -> None:
    spec, policy, faults = CASES[case]
    scale_set = system.scale_set(**spec)
    words = [*options(policy, faults), *AS_SIMULATED, "-o", "json"]
    done = person.says("rehearse", scale_set, NEW, *words)
    assert done.code in {0, exits.ROLLED_BACK, exits.WAITS}, done.err
    report = json.loads(done.out)
    assert system.requests("P") == []
    real = played(system, scale_set, policy, faults)
    assert outline(report["rollout"]) == outline(real)
    assert report["mostDown"] == system.truth(scale_set)["peakDown"]
    assert "other batches" not in "".join(report["notAsThere"])


def test_offline_it_is_the_same(
    system: System, offline: Person, files: Callable[[str], tuple[str, ...]]
) -> None:
    name = "apart"
    older = {**PLATFORM, "version": OLD}
    scale_set = system.scale_set(
        name=name, capacity=7, updateDomains=3, image=older, unhealthy=["6"], stopped=["1"]
    )
    words = [*files(name), *AS_SIMULATED, "-o", "json"]
    done = offline.says("rehearse", name, NEW, *words)
    assert done.code == 0, done.err
    real = played(system, scale_set, {}, [])
    assert outline(json.loads(done.out)["rollout"]) == outline(real)
    assert json.loads(done.out)["rollout"]["message"] == real["message"]
