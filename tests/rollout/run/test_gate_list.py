"""Approvals, bakes and pauses stand in the list of gates, in order, with what they wait for."""

from datetime import timedelta
from typing import Any

import pytest
from builders import START, inventory, planned, policy, spread

from rollout.base import Phase
from rollout.gates import GateLine, GatePlace, GateVerdict
from rollout.run import RolloutView, Verb, Waits
from rollout.run.gate_list import gate_list
from rollout.run.timeline import timeline_of

type Json = dict[str, Any]

LATER = START + timedelta(hours=1)
WAITS = Waits(since=START, until=LATER)


def view(rules: Json | None = None, **fields: Any) -> RolloutView:
    shown = planned(inventory(spread(4)), policy(**rules or {})).view(START)
    return shown.model_copy(update={"phase": Phase.PROGRESSING, **fields})


def gate(name: str, place: str) -> Json:
    check = {"kind": "http", "url": "https://checks.contoso.com/web"}
    return {"name": name, "place": place, "check": check}


def event(kind: str, message: str = "said", minutes: int = 0, **evidence: Any) -> Json:
    at = (START + timedelta(minutes=minutes)).isoformat()
    return {"at": at, "kind": kind, "message": message, "evidence": evidence, "position": [1]}


def listed(shown: RolloutView, *events: Json) -> list[GateLine]:
    return gate_list(shown, events, timeline_of(events, shown))


def only(shown: RolloutView, *events: Json) -> GateLine:
    [line] = listed(shown, *events)
    return line


def test_all_stand_in_the_order_in_which_they_are_asked() -> None:
    places = ["end", "afterBatch", "bake", "start", "beforeBatch"]
    rules = {
        "gates": [gate(f"at {place}", place) for place in places],
        "canary": {"instances": 1, "bake": "PT10M"},
        "approval": "everyBatch",
        "pauseBetweenBatches": "PT5M",
    }
    assert [(line.name, line.kind) for line in listed(view(rules))] == [
        ("at start", "http"),
        ("pause between batches", "pause"),
        ("approval of each batch", "approval"),
        ("at beforeBatch", "http"),
        ("bake of the canary", "bake"),
        ("at bake", "http"),
        ("at afterBatch", "http"),
        ("at end", "http"),
    ]


def test_without_any_the_list_is_empty() -> None:
    assert listed(view()) == []


@pytest.mark.parametrize(
    ("asked", "name", "place"),
    [
        ("start", "approval of the start", GatePlace.START),
        ("canary", "approval after the canary", GatePlace.BEFORE_BATCH),
        ("everyBatch", "approval of each batch", GatePlace.BEFORE_BATCH),
    ],
)
def test_an_approval_says_whether_it_is_waited_for_or_was_given(
    asked: str, name: str, place: GatePlace
) -> None:
    rules = {"approval": asked, "canary": {"instances": 1}} if asked == "canary" else {
        "approval": asked
    }  # fmt: skip

    def approval(*events: Json, **fields: Any) -> GateLine:
        [line] = [
            each for each in listed(view(rules, **fields), *events) if each.kind == "approval"
        ]
        return line

    plain = GateLine(name=name, kind="approval", place=place)
    assert approval() == plain
    waiting = {"phase": Phase.AWAITING_APPROVAL, "message": "why", "waits": WAITS}
    asked_for = {"verdict": GateVerdict.NOT_YET, "message": "why", "at": START, "until": LATER}
    assert approval(event("approved"), **waiting) == plain.model_copy(update=asked_for)
    given = {"verdict": GateVerdict.PASSED, "message": "Approved by ann", "at": START}
    assert approval(event("approved", "Approved by ann")) == plain.model_copy(update=given)


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"batch": 0, "verbs": [Verb.RESUME]}, GatePlace.START),
        ({"batch": 2, "verbs": [Verb.RESUME]}, GatePlace.BEFORE_BATCH),
        ({"batch": 2, "verbs": [Verb.RETRY, Verb.SKIP]}, GatePlace.AFTER_BATCH),
    ],
)
def test_a_pause_is_there_while_it_lasts(fields: Json, place: GatePlace) -> None:
    shown = view(phase=Phase.PAUSED, message="Paused by ann", waits=WAITS, **fields)
    line = only(shown)
    assert (line.name, line.kind, line.place) == ("pause", "pause", place)
    assert (line.verdict, line.message) == (GateVerdict.NOT_YET, "Paused by ann")
    assert (line.at, line.until) == (START, LATER)


def test_the_time_to_decide_about_a_gate_stands_at_that_gate() -> None:
    rules = {"gates": [gate("errors", "afterBatch"), gate("tests", "end")]}
    asked = WAITS.model_copy(update={"gate": "errors"})
    shown = view(rules, phase=Phase.PAUSED, verbs=[Verb.SKIP], waits=asked)
    until = {line.name: line.until for line in listed(shown)}
    assert until == {"pause": LATER, "errors": LATER, "tests": None}


def test_a_pause_between_batches_lasts_from_the_batch_and_its_gates_on() -> None:
    rules = {"pauseBetweenBatches": "PT5M"}
    between = {"batch": 1, "batches": 4}
    ended = event("batchFinished", number=1, cells="dd")
    events = [ended, event("gatesPassed", minutes=2)]
    now = START + timedelta(minutes=3)
    line = only(view(rules, **between, updated_at=now), *events)
    assert (line.verdict, line.message) == (GateVerdict.NOT_YET, "5 min between two batches")
    assert line.until == START + timedelta(minutes=7)
    late = START + timedelta(minutes=7)
    assert only(view(rules, **between, updated_at=late), *events).verdict is GateVerdict.PASSED
    asked = view(rules, **between, phase=Phase.AWAITING_APPROVAL, updated_at=late)
    assert only(asked, *events).verdict is GateVerdict.PASSED
    under_way = view(rules, **between, updated_at=now, batch_began_at=now)
    assert only(under_way, *events).verdict is None


BEGAN = event("batchStarted", number=1, canary=True, instanceIds=["0"], updateDomain=0)
BAKE = {"canary": {"instances": 1, "bake": "PT10M"}}


def test_a_canary_bakes_from_when_it_is_healthy_on() -> None:
    running = {"batch": 1, "batches": 3, "batch_began_at": START}
    assert only(view(BAKE, **running), BEGAN).verdict is None
    line = only(view(BAKE, **running, batch_healthy_at=LATER), BEGAN)
    assert (line.verdict, line.at) == (GateVerdict.NOT_YET, LATER)
    assert line.until == LATER + timedelta(minutes=10)
    assert line.message == "The canary must stay healthy for 10 min"


@pytest.mark.parametrize(
    ("cells", "verdict", "message"),
    [
        ("d", GateVerdict.PASSED, "The canary was healthy for 10 min"),
        ("f", GateVerdict.FAILED, "The canary has failed"),
    ],
)
def test_a_canary_that_has_baked_says_how_it_went(
    cells: str, verdict: GateVerdict, message: str
) -> None:
    ended = event(
        "batchFinished", minutes=20, number=1, cells=cells, healthyAt=START.isoformat()
    )  # fmt: skip
    line = only(view(BAKE, batch=1, batches=3), BEGAN, ended)
    assert (line.verdict, line.message) == (verdict, message)
    assert (line.at, line.until) == (START + timedelta(minutes=20), None)


def test_a_canary_that_was_broken_off_has_not_baked() -> None:
    ended = event("batchFinished", number=1, cells="u", held="an abort")
    assert only(view(BAKE, phase=Phase.ABORTED, batch=1), BEGAN, ended).verdict is None
