"""The app makes the SDK's replay quick: it must go on saying the same, and go on being quick."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module
from typing import Any

import pytest
from azure.durable_functions import DurableOrchestrationContext
from azure.durable_functions.orchestrator import Orchestrator
from dateutil.parser import parse

from orchestrators.quick_replay import EXECUTOR, HISTORY_EVENT, late, quicken_replay

STAMPS = [
    "2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00.1Z",
    "2026-01-01T23:59:59.1234567Z",
    "2026-01-01T23:59:59.9999999+00:00",
    "2026-06-30T12:00:00.12345+02:00",
    "2026-06-30T12:00:00",
]


@pytest.mark.parametrize("stamp", STAMPS)
def test_a_time_is_what_the_sdk_would_have_read(stamp: str) -> None:
    quicken_replay()
    read = import_module(HISTORY_EVENT).dt_parse(stamp)
    assert read == parse(stamp)
    assert read.isoformat() == parse(stamp).isoformat()


def test_what_is_not_iso_is_read_as_the_sdk_reads_it() -> None:
    quicken_replay()
    assert import_module(HISTORY_EVENT).dt_parse("Thu, 01 Jan 2026 00:00:00 GMT").year == 2026


def test_asked_for_by_each_orchestrator_it_is_done_once() -> None:
    quicken_replay()
    quick = import_module(HISTORY_EVENT).dt_parse
    quicken_replay()
    assert import_module(HISTORY_EVENT).dt_parse is quick


def test_the_names_are_still_those_that_the_sdk_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Red: a version of the SDK reads times in another place. Look there, and mend it."""
    seen: list[str] = []

    def watching(text: str) -> datetime:
        seen.append(text)
        return datetime.fromisoformat(text)

    monkeypatch.setattr(import_module(HISTORY_EVENT), "dt_parse", watching)
    history = [{"EventType": 12, "EventId": -1, "IsPlayed": False, "Timestamp": STAMPS[0]}]
    body = {"history": history, "instanceId": "a", "isReplaying": False, "parentInstanceId": None}
    DurableOrchestrationContext.from_json(json.dumps({**body, "input": None}))
    assert seen == [STAMPS[0]]


def test_the_class_of_tuples_is_made_once() -> None:
    quicken_replay()
    executor: Any = import_module(EXECUTOR).TaskOrchestrationExecutor
    first, second = (executor().event_to_SetTaskValuePayload for _ in range(2))
    assert {type(each) for each in first.values()} == {type(each) for each in second.values()}


def turn(orchestrator: Callable[[Any], Any]) -> Any:
    """What Durable is told after the first turn."""
    started = {"EventId": -1, "IsPlayed": False, "Timestamp": STAMPS[0]}
    history = [{**started, "EventType": 12}, {**started, "EventType": 0, "Version": None}]
    body = {"history": history, "instanceId": "a", "isReplaying": False, "parentInstanceId": None}
    handle: Callable[[str], str] = Orchestrator.create(orchestrator)
    return json.loads(handle(json.dumps({**body, "input": None})))


def test_of_the_statuses_of_a_turn_only_the_last_is_made() -> None:
    """Red: a version of the SDK keeps the status in another place. Look there, and mend it."""
    made: list[int] = []

    def status(number: int) -> dict[str, int]:
        made.append(number)
        return {"number": number}

    def orchestrator(context: Any) -> Iterator[Any]:
        for number in range(3):
            context.set_custom_status(late(lambda number=number: status(number)))
        yield context.wait_for_external_event("never")

    told = turn(orchestrator)
    assert (told["customStatus"], made) == ({"number": 2}, [2])


def test_a_status_that_is_not_late_is_told_as_ever() -> None:
    late(dict)

    def orchestrator(context: Any) -> Iterator[Any]:
        context.set_custom_status({"number": 1})
        yield context.wait_for_external_event("never")

    assert turn(orchestrator)["customStatus"] == {"number": 1}


def test_where_the_sdk_has_no_such_place_a_status_is_made_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("orchestrators.quick_replay._makes_statuses_late", lambda: False)
    assert late(lambda: {"number": 1}) == {"number": 1}
