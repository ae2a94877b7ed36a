"""Random fleets, faults and verbs through the whole system: what must hold of any story."""

from typing import Any

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from story import NEW, PLATFORM, System

from rollout.amount import share_of

Json = dict[str, Any]
VERBS = ("pause", "resume", "approve", "retry", "skip", "abort", "rollback")
STEP_MINUTES, STEPS = 3, 8


@st.composite
def specs(draw: st.DrawFn) -> Json:
    """A scale set of up to 6 instances, some of them not as they should be."""
    capacity = draw(st.integers(2, 6))
    some = st.lists(st.integers(0, capacity - 1).map(str), max_size=1)
    domains = {"updateDomains": draw(st.integers(1, 3))}
    kind = draw(st.sampled_from([domains, domains, {"orchestrationMode": "Flexible"}]))
    return {
        "capacity": capacity,
        "automaticRepairs": kind is domains and draw(st.booleans()),
        "protected": draw(some),
        "unhealthy": draw(some),
        "stopped": draw(some),
        **kind,
    }


@st.composite
def policies(draw: st.DrawFn) -> Json:
    return {
        "maxBatchInstances": draw(st.sampled_from([1, 2, "50%", "100%"])),
        "approval": draw(st.sampled_from(["none", "none", "everyBatch"])),
        "onFailure": draw(st.sampled_from(["rollback", "pause", "stop"])),
        "allowFullOutage": True,
        "health": {"stable": "PT30S", "timeout": "PT4M"},
        "approvalTimeout": "PT1H",
        "decisionTimeout": "PT1H",
        "deadline": "PT6H",
    }


@st.composite
def faults(draw: st.DrawFn) -> Json:
    ids = [str(draw(st.integers(0, 5)))]
    return draw(
        st.sampled_from(
            [
                {"kind": "badImage", "version": NEW},
                {"kind": "upgradeFails", "instanceIds": ids},
                {"kind": "slowBoot", "seconds": 600},
                {"kind": "throttle", "count": 3, "retryAfter": 40},
                {"kind": "serverError", "count": 2, "after": True},
                {"kind": "conflict", "count": 2},
                {"kind": "instanceVanishes", "instanceIds": ids, "after": 200},
                {"kind": "instanceStops", "instanceIds": ids, "after": 200},
                {"kind": "scaleOut", "count": 1, "after": 200},
            ]
        )
    )


SCRIPTS = st.lists(st.sampled_from([None, None, *VERBS]), min_size=STEPS, max_size=STEPS)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(spec=specs(), policy=policies(), fault=st.none() | faults(), script=SCRIPTS)
def test_whatever_happens(
    running: System, spec: Json, policy: Json, fault: Json | None, script: list[str | None]
) -> None:
    running.azure.delete("/_sim/faults")
    running.publish(**PLATFORM, version=NEW)
    scale_set = running.scale_set(**spec)
    before = running.truth(scale_set)
    note(f"{spec} {policy} {fault} {script}")
    answer = running.start(scale_set, policy=policy)
    if answer.status_code == 400:
        return
    assert answer.status_code == 202, answer.text
    rollout = answer.json()["id"]
    if fault:
        running.azure.post("/_sim/faults", json={"scaleSet": scale_set, **fault})
    _play(running, rollout, script)
    view = running.finish(rollout)
    for event in running.events(rollout):
        note(f"{event['at']} {event['message']}")
    _holds(before, running.truth(scale_set), view, policy, spec)


def _play(system: System, rollout: str, script: list[str | None]) -> None:
    """Say the next verb every few minutes; most of them are refused, which must not matter."""
    for verb in script:
        system.pass_minutes(STEP_MINUTES)
        if verb:
            answer = system.api.post(f"/api/rollouts/{rollout}/{verb}")
            assert answer.status_code in {202, 409}, answer.text


def _holds(before: Json, after: Json, view: Json, policy: Json, spec: Json) -> None:
    assert after["violations"] == []
    assert after["automaticRepairs"] == before["automaticRepairs"]
    cap = share_of(policy["maxBatchInstances"], spec["capacity"] + 1)
    assert after["peakDown"] <= max(cap, 1) + len(spec["unhealthy"])
    counts = view["counts"]
    parts = ("done", "skipped", "failed", "inProgress", "pending")
    assert sum(counts[part] for part in parts) == counts["total"]
    there = {one["instanceId"]: one for one in after["instances"]}
    left_alone = [
        one for one in before["instances"] if one["protected"] or one["power"] != "running"
    ]
    assert all(
        there[one["instanceId"]]["upgrades"] == 0
        for one in left_alone
        if one["instanceId"] in there
    )
    if view["phase"] == "Succeeded" and not counts["failed"]:
        moved = [
            one for one in there.values() if one["power"] == "running" and not one["protected"]
        ]
        skipped = counts["skipped"]
        assert sum(not one["image"].endswith(NEW) for one in moved) <= skipped
    if view["phase"] == "RolledBack":
        old = {one["instanceId"]: one["image"] for one in before["instances"]}
        assert all(one["image"] == old.get(key, one["image"]) for key, one in there.items())
