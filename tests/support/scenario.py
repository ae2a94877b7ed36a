"""Random scale sets, policies and mishaps, as JSON: small enough that every story is quick."""

from typing import Any

from hypothesis import strategies as st

type Json = dict[str, Any]

THIRD = "14.04.201512010"
"""An image that somebody else sets."""
PREEMPTED = {"status": "Failed", "error": {"code": "OperationPreempted", "message": "Later."}}
MOST = 5
"""How many instances a scale set has at most."""


@st.composite
def specs(draw: st.DrawFn, mode: str) -> Json:
    """A scale set of that orchestration mode, some of its instances not as they should be."""
    capacity = draw(st.integers(2, MOST))
    some = st.lists(st.integers(0, capacity - 1).map(str), max_size=1)
    uniform = mode == "Uniform"
    domains = {"updateDomains": draw(st.integers(1, 3))} if uniform else {}
    return {
        "capacity": capacity,
        "orchestrationMode": mode,
        "automaticRepairs": uniform and draw(st.booleans()),
        "health": draw(st.sampled_from(["application", "application", "none"])),
        "protected": draw(some),
        "unhealthy": draw(some),
        "stopped": draw(some),
        **domains,
    }


@st.composite
def policies(draw: st.DrawFn, health: str) -> Json:
    """A policy for a scale set with that health; one without must be judged by power state."""
    source = {} if health == "application" else {"source": "powerState"}
    canary = draw(st.sampled_from([None, None, {"instances": 1, "bake": "PT2M"}]))
    return {
        "maxBatchInstances": draw(st.sampled_from([1, 2, "50%", "100%"])),
        "approval": draw(st.sampled_from(["none", "none", "everyBatch"])),
        "onFailure": draw(st.sampled_from(["rollback", "pause", "stop"])),
        "allowFullOutage": True,
        "health": {"interval": "PT30S", "stable": "PT1M", "timeout": "PT5M", **source},
        "pauseBetweenBatches": draw(st.sampled_from(["PT0S", "PT2M"])),
        "approvalTimeout": "PT1H",
        "decisionTimeout": "PT1H",
        "deadline": "PT6H",
        **({"canary": canary} if canary else {}),
    }


@st.composite
def faults(draw: st.DrawFn, version: str, health: str) -> Json:
    """Something that goes wrong with the image of that version, the instances, or Azure. What makes
    instances sick is nothing that a scale set without health signal could tell. An outage is longer
    than a batch may take.
    """
    ids = [str(draw(st.integers(0, MOST - 1)))]
    rows = {"kind": "rewrite", "method": "GET", "pattern": "virtualMachines$"}
    operation = {"kind": "rewrite", "method": "GET", "path": "/operations/"}
    skip = draw(st.integers(0, 3))
    sickness = [{"kind": "badImage", "version": version}, {"kind": "slowBoot", "seconds": 600}]
    return draw(
        st.sampled_from(
            [
                *(sickness if health == "application" else []),
                {"kind": "upgradeFails", "instanceIds": ids},
                {"kind": "throttle", "count": 3, "retryAfter": 40},
                {"kind": "serverError", "count": 2, "after": True},
                {"kind": "dropConnection", "count": 2, "after": True},
                {"kind": "conflict", "count": 2},
                {"kind": "throttle", "count": 1, "retryAfter": 900, "method": "GET"},
                {"kind": "dropConnection", "count": 60},
                {"kind": "denied", "status": 401, "count": 1, "skip": skip},
                {**rows, "instances": {ids[0]: None}, "skip": skip},
                {**rows, "body": {"value": []}, "skip": skip},
                {**rows, "status": 404, "body": {"error": {"code": "NotFound"}}, "skip": skip},
                {**operation, "status": 404, "body": {"error": {"code": "NotFound"}}},
                {**operation, "body": PREEMPTED},
                {"kind": "instanceVanishes", "instanceIds": ids, "after": 200},
                {"kind": "instanceStops", "instanceIds": ids, "after": 200},
                {"kind": "scaleOut", "count": 1, "after": 200},
                {"kind": "foreignWrite", "profile": {"priority": "Spot"}, "after": 200},
                {"kind": "foreignWrite", "image": {"version": THIRD}, "after": 100},
            ]
        )
    )
