"""Purges of histories, by id and by filter."""

import pytest
from running_host import Running

ALL = "instances?createdTimeFrom=2020-01-01"


def left(host: Running) -> list[str]:
    return [each["instanceId"] for each in host.call("GET", "instances").json()]


def one_of_each(host: Running) -> None:
    """One that has ended, one that waits, an entity."""
    host.run("doubles", 1, "done")
    host.run("waits", None, "waiting")
    host.call("POST", "entities/counter/k?op=add", json="5")
    host.host.wait_idle()


def test_a_purge_forgets_what_has_ended(skipping: Running) -> None:
    skipping.run("doubles", 1)
    answer = skipping.call("DELETE", "instances/it")
    assert (answer.status_code, answer.json()) == (200, {"instancesDeleted": 1})
    assert skipping.call("GET", "instances/it").status_code == 404


@pytest.mark.parametrize("suspended", [False, True])
def test_what_has_not_ended_is_not_purged_by_its_id(by_hand: Running, suspended: bool) -> None:  # noqa: FBT001
    by_hand.run("waits")
    if suspended:
        by_hand.do("suspend")
        by_hand.host.wait_idle()
    answer = by_hand.call("DELETE", "instances/it")
    assert answer.status_code == 412
    assert answer.json().startswith("Only orchestrations in a terminal state can be purged")
    assert answer.json().endswith("has status Suspended" if suspended else "has status Running")


def test_an_entity_is_purged_by_its_id(skipping: Running) -> None:
    one_of_each(skipping)
    answers = [skipping.call("DELETE", "instances/@counter@k").json() for _ in range(2)]
    assert answers == [{"instancesDeleted": 1}, {"instancesDeleted": 0}]
    assert skipping.call("GET", "entities/counter/k").status_code == 404


def test_a_purge_of_many_needs_a_time(skipping: Running) -> None:
    skipping.run("doubles", 1)
    answer = skipping.call("DELETE", "instances")
    assert answer.json() == "Please provide value for 'createdTimeFrom' parameter."
    assert left(skipping) == ["it"]


def test_a_purge_takes_the_statuses_it_is_told(by_hand: Running) -> None:
    one_of_each(by_hand)
    purged = by_hand.call("DELETE", f"{ALL}&runtimeStatus=Completed,Running")
    assert purged.json() == {"instancesDeleted": 1}
    assert left(by_hand) == ["@counter@k", "waiting"]


def test_a_purge_of_what_was_canceled_takes_nothing(by_hand: Running) -> None:
    one_of_each(by_hand)
    assert by_hand.call("DELETE", f"{ALL}&runtimeStatus=Canceled").status_code == 404
    assert len(left(by_hand)) == 3


@pytest.mark.parametrize("status", ["ContinuedAsNew", "Running", "Pending,Suspended"])
def test_a_purge_of_nothing_but_what_runs_is_refused(by_hand: Running, status: str) -> None:
    one_of_each(by_hand)
    answer = by_hand.call("DELETE", f"{ALL}&runtimeStatus={status}")
    assert (answer.status_code, "purges everything" in answer.json()["Message"]) == (400, True)
    assert len(left(by_hand)) == 3


def test_a_purge_without_statuses_takes_everything(
    by_hand: Running, caplog: pytest.LogCaptureFixture
) -> None:
    one_of_each(by_hand)
    assert by_hand.call("DELETE", ALL).json() == {"instancesDeleted": 3}
    assert left(by_hand) == []
    assert "took 2 running orchestrations and entities" in caplog.text
    assert by_hand.host.store.open_work() == {"inbox": 0, "task": 0, "entity_inbox": 0}


def test_a_purge_of_times_to_come_takes_nothing(by_hand: Running) -> None:
    one_of_each(by_hand)
    assert by_hand.call("DELETE", "instances?createdTimeFrom=2030-01-01").status_code == 404
    assert len(left(by_hand)) == 3
