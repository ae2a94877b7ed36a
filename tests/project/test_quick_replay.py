"""The app makes the SDK's replay quick: it must go on saying the same, and go on being quick."""

import json
from datetime import datetime
from importlib import import_module
from typing import Any

import pytest
from azure.durable_functions import DurableOrchestrationContext
from dateutil.parser import parse

from orchestrators.quick_replay import EXECUTOR, HISTORY_EVENT, quicken_replay

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
