"""What of a log is news, to whom, and that none is lost or told under two ids."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout.base import Event, EventKind
from rollout.news import (
    MOST_FOUND,
    Courier,
    Delivery,
    NewsKind,
    Receiver,
    Subject,
    SubjectKind,
    Teller,
    find_in,
    news_kind,
)
from rollout.run import log_after, part_of, record_of

BEGAN = datetime(2026, 3, 1, 12, tzinfo=UTC)
TELLER = Teller(page="https://app.example/api/dashboard", who="anybody")
WEB = Subject(kind=SubjectKind.ROLLOUT, id="web-1")


class Log:
    """The parts of a log, as the entities keep them."""

    def __init__(self) -> None:
        self.parts: dict[str, Any] = {}

    def write(
        self, kind: EventKind, *position: int, minute: int = 0, message: str = "so", **more: Any
    ) -> None:
        event = Event(
            at=BEGAN + timedelta(minutes=minute),
            kind=kind,
            message=message,
            evidence=more,
            position=list(position),
        ).to_json()
        part = part_of(position)
        self.parts[part] = log_after(self.parts.get(part), "event", {"event": event})

    def look(self, courier: Courier, receiver: Receiver) -> Courier:
        record = record_of(None, self.parts)
        found = find_in(record["events"], record["mark"], courier, receiver, TELLER)
        return courier.found(found)


def receiver(**fields: Any) -> Receiver:
    told = {"name": "ops", "kind": "webhook", "url": "https://ops.example/hook", **fields}
    return Receiver.from_request(told)


def courier(subject: Subject = WEB) -> Courier:
    return Courier(receiver="ops", subject=subject)


def a_rollout(log: Log) -> None:
    log.write(EventKind.STARTED, 1, request={"scaleSet": "/x/web", "reason": "CVE"})
    log.write(EventKind.PLANNED, 2)
    log.write(EventKind.APPROVAL_ASKED, 3, message="Batch 1 waits", until="2026-03-02T00:00:00Z")
    log.write(EventKind.APPROVED, 4)
    log.write(EventKind.BATCH_FINISHED, 5, minute=1, cells="dd")
    log.write(EventKind.BATCH_FINISHED, 6, minute=5, cells="dd")
    log.write(EventKind.BATCH_FINISHED, 7, minute=12, cells="df")
    log.write(EventKind.PAUSED, 8, minute=12, decision=True)
    log.write(EventKind.ROLLING_BACK, 9, minute=20)
    log.write(EventKind.REPAIRS_NOT_RESTORED, 10, minute=30)
    log.write(EventKind.FINISHED, 11, minute=30, phase="RolledBack", counts={"total": 4})


def told(log: Log, **fields: Any) -> list[NewsKind]:
    return [news.kind for news in log.look(courier(), receiver(**fields)).waiting]


def test_a_log_becomes_news_in_order() -> None:
    log = Log()
    a_rollout(log)
    assert told(log) == [
        "started", "needsYou", "batchDone", "gateFailed", "needsYou", "rolledBack",
        "repairsSuspended", "finished",
    ]  # fmt: skip


def test_news_say_who_until_when_and_where_to_look() -> None:
    log = Log()
    a_rollout(log)
    waiting = log.look(courier(), receiver()).waiting
    asked, end = waiting[1], waiting[-1]
    assert (asked.data.message, asked.data.who) == ("Batch 1 waits", "anybody")
    assert asked.data.until == datetime(2026, 3, 2, tzinfo=UTC)
    assert (asked.data.phase, asked.data.reason) == ("AwaitingApproval", "CVE")
    assert asked.data.link == "https://app.example/api/dashboard#/rollouts/web-1"
    assert asked.type == "vmssrollout.rollout.needsYou"
    assert (end.data.phase, end.data.counts) == ("RolledBack", {"total": 4})
    assert end.data.who is None


def test_batches_are_told_at_most_so_often() -> None:
    log = Log()
    a_rollout(log)
    assert told(log, batchesEvery="PT0S").count(NewsKind.BATCH_DONE) == 2
    assert told(log, batchesEvery="PT5M").count(NewsKind.BATCH_DONE) == 1
    log.write(EventKind.BATCH_FINISHED, 12, minute=60, cells="dd")
    assert told(log).count(NewsKind.BATCH_DONE) == 2


def test_the_time_between_batches_is_kept_from_look_to_look() -> None:
    log, ops = Log(), receiver()
    log.write(EventKind.BATCH_FINISHED, 1, cells="dd")
    first = log.look(courier(), ops)
    log.write(EventKind.BATCH_FINISHED, 2, minute=9, cells="dd")
    again = log.look(first, ops)
    assert len(again.waiting) == 1
    log.write(EventKind.BATCH_FINISHED, 3, minute=10, cells="dd")
    assert len(log.look(again, ops).waiting) == 2


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        ({"kinds": ["finished"]}, ["finished"]),
        ({"phases": ["RolledBack"]}, ["finished"]),
        ({"kinds": ["started"], "phases": ["RolledBack"]}, []),
    ],
)
def test_a_receiver_is_told_only_what_it_wants(
    only: dict[str, Any], expected: list[NewsKind]
) -> None:
    log = Log()
    a_rollout(log)
    assert told(log, only=only) == expected


@pytest.mark.parametrize(
    ("only", "heard"),
    [
        ({}, {"web-1", "night", "night~web~abc123"}),
        ({"ids": "web-?"}, {"web-1"}),
        ({"ids": "WEB-*"}, {"web-1"}),
        ({"fleets": "night*"}, {"night", "night~web~abc123"}),
        ({"fleets": "night*", "ids": "night"}, {"night"}),
    ],
)
def test_patterns_say_of_which_it_hears(only: dict[str, Any], heard: set[str]) -> None:
    subjects = [
        WEB,
        Subject(kind=SubjectKind.FLEET, id="night"),
        Subject(kind=SubjectKind.ROLLOUT, id="night~web~abc123"),
    ]
    ops = receiver(only=only)
    assert {subject.id for subject in subjects if ops.hears_of(subject)} == heard


def test_a_member_of_a_fleet_rollout_tells_of_troubles_unless_told_otherwise() -> None:
    log, member = Log(), Subject(kind=SubjectKind.ROLLOUT, id="night~web~abc123")
    a_rollout(log)

    def kinds(members: str) -> set[str]:
        waiting = log.look(courier(member), receiver(members=members)).waiting
        return {news.kind for news in waiting}

    assert "started" in kinds("all")
    assert kinds("troubles") == {"needsYou", "gateFailed", "rolledBack", "repairsSuspended"}
    assert not receiver(members="none").hears_of(member)
    assert receiver(members="none").hears_of(WEB)


@pytest.mark.parametrize("kind", ["gateFailed", "glassBroken"])
def test_what_gates_and_windows_write_is_news(kind: str) -> None:
    assert news_kind({"kind": kind, "evidence": {}}) == kind


def test_a_kind_that_only_a_later_version_knows_is_no_news() -> None:
    assert news_kind({"kind": "hyperspace", "evidence": {}}) is None


EVENTS = st.lists(
    st.tuples(
        st.sampled_from([EventKind.STARTED, EventKind.PAUSED, EventKind.PLANNED]),
        st.sampled_from([(), (3,), (30,)]),
        st.integers(0, 5),
        st.booleans(),
    ),
    max_size=3 * MOST_FOUND,
)


@given(EVENTS)
def test_all_that_is_news_is_told_once_whenever_it_arrives(
    arriving: list[tuple[EventKind, tuple[int, ...], int, bool]],
) -> None:
    """Whatever comes late, in whichever part of the log, and wherever a look falls."""
    log, ops, now, said = Log(), receiver(), courier(), list[str]()

    def look(now: Courier) -> Courier:
        now = log.look(now, ops)
        while now.waiting:
            said.append(now.waiting[0].id)
            now = now.after(Delivery(delivered=True), BEGAN)
        return now

    wanted = 0
    for number, (kind, within, minute, looks) in enumerate(arriving, start=1):
        log.write(kind, *within, number, minute=minute)
        wanted += kind is not EventKind.PLANNED
        now = look(now) if looks else now
    for _ in range(5):
        now = look(now)
    assert (len(said), len(set(said))) == (wanted, wanted)
