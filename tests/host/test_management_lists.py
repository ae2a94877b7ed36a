"""Lists of instances: which are in them, and page by page."""

import base64
from typing import Any

import pytest
from running_host import Running

from local.host.http.paging import Paging

TOKEN = "x-ms-continuation-token"  # noqa: S105 - a page's, not a secret


def listed(host: Running, query: str = "", **more: Any) -> list[str]:
    answer = host.call("GET", f"instances?{query}", **more)
    assert answer.status_code == 200, answer.text
    return [each["instanceId"] for each in answer.json()]


def some(host: Running) -> None:
    """Three that wait, one that has ended."""
    for number in range(3):
        host.start("waits", f"w{number}")
    host.run("doubles", 1, "done")


def test_a_list_is_filtered_by_statuses(by_hand: Running) -> None:
    some(by_hand)
    assert listed(by_hand, "runtimeStatus=Running") == ["w0", "w1", "w2"]
    assert listed(by_hand, "runtimeStatus=Completed, Failed") == ["done"]
    assert len(listed(by_hand, "runtimeStatus=Completed&runtimeStatus=Running")) == 4


@pytest.mark.parametrize("status", ["Canceled", "ContinuedAsNew"])
def test_no_instance_has_a_status_that_python_apps_do_not_reach(
    by_hand: Running, status: str
) -> None:
    some(by_hand)
    assert listed(by_hand, f"runtimeStatus={status}") == []


@pytest.mark.parametrize("status", ["completed", "Running,Nonsense", "", "Cancelled"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_status_that_nobody_knows_is_refused(by_hand: Running, method: str, status: str) -> None:
    some(by_hand)
    path = f"instances?createdTimeFrom=2020-01-01&runtimeStatus={status}"
    answer = by_hand.call(method, path)
    wrong = status.rpartition(",")[2]
    assert answer.status_code == 400
    assert f"names {wrong!r}" in answer.json()["Message"]
    assert "Azure ignores such a name" in answer.json()["Message"]
    assert len(listed(by_hand)) == 4


def test_a_list_is_given_page_by_page(by_hand: Running) -> None:
    some(by_hand)
    first = by_hand.call("GET", "instances?runtimeStatus=Running&top=2")
    token = first.headers[TOKEN]
    assert base64.b64decode(token, validate=True)
    assert [each["instanceId"] for each in first.json()] == ["w0", "w1"]
    rest = by_hand.call("GET", "instances?runtimeStatus=Running&top=2", headers={TOKEN: token})
    assert [each["instanceId"] for each in rest.json()] == ["w2"]
    assert TOKEN not in rest.headers


def test_a_page_goes_on_where_the_last_one_ended_whatever_came_meanwhile(by_hand: Running) -> None:
    some(by_hand)
    first = by_hand.call("GET", "instances?top=2")
    by_hand.start("waits", "early")
    token = {TOKEN: first.headers[TOKEN]}
    assert listed(by_hand, "top=2", headers=token) == ["w1", "w2"]


@pytest.mark.parametrize("top", ["inf", "nan", "1.5", "", "many"])
def test_a_page_size_that_is_no_whole_number_is_not_heeded(by_hand: Running, top: str) -> None:
    some(by_hand)
    assert len(listed(by_hand, f"top={top}")) == 4


@pytest.mark.parametrize("top", ["-1", "0", "1001"])
def test_a_page_size_that_storage_does_not_take_is_a_failure(by_hand: Running, top: str) -> None:
    answer = by_hand.call("GET", f"instances?top={top}")
    assert (answer.status_code, f"top is {top}" in answer.text) == (500, True)


@pytest.mark.parametrize("token", ["2", "!", base64.b64encode(b"other").decode()])
def test_a_token_that_no_page_gave_is_a_failure(by_hand: Running, token: str) -> None:
    assert by_hand.call("GET", "instances", headers={TOKEN: token}).status_code == 500


def test_a_list_knows_prefixes(by_hand: Running) -> None:
    by_hand.start("waits", "web-1")
    by_hand.start("waits", "api-1")
    assert listed(by_hand, "instanceIdPrefix=web") == ["web-1"]


@pytest.mark.parametrize(
    "moment",
    [
        "2026-01-02",
        "2026-01-02T00:00:00.000000Z",
        "2026-01-01T22:00:00-02:00",
        "01/02/2026",
        "1/2/2026 12:00:00 AM",
    ],
)
def test_a_list_knows_times(by_hand: Running, moment: str) -> None:
    by_hand.start("waits", "it")
    assert listed(by_hand, f"createdTimeFrom={moment}") == []
    assert listed(by_hand, f"createdTimeTo={moment}") == ["it"]


def test_a_year_before_1000_may_be_short_as_python_writes_it(by_hand: Running) -> None:
    by_hand.start("waits", "it")
    assert listed(by_hand, "createdTimeFrom=1-01-01T00:00:00.000000Z") == ["it"]


def test_a_time_that_cannot_be_read_is_refused(by_hand: Running) -> None:
    answer = by_hand.call("GET", "instances?createdTimeTo=yesterday")
    assert (answer.status_code, "'yesterday'" in answer.json()["Message"]) == (400, True)


def test_entities_are_among_the_instances(skipping: Running) -> None:
    skipping.run("doubles", 1)
    skipping.call("POST", "entities/counter/k?op=add", json="5")
    skipping.host.wait_idle()
    assert listed(skipping) == ["@counter@k", "it"]
    assert listed(skipping, "runtimeStatus=Running") == ["@counter@k"]
    assert listed(skipping, "top=1") == ["@counter@k"]
    answer = skipping.call("GET", "instances/@counter@k")
    assert (answer.status_code, answer.json()["runtimeStatus"]) == (202, "Running")
    assert answer.json()["input"] == {"exists": True, "state": "5"}


def test_a_page_may_be_short_or_empty_and_then_has_a_token() -> None:
    rows = [("a", 1), ("b", 2), ("c", 3)]
    empty, header = Paging(2, "").page(rows, shorten=lambda _: 0)
    assert (empty, base64.b64decode(header[TOKEN])) == ([], b"after:")
    short, header = Paging(2, "").page(rows, shorten=lambda size: size - 1)
    assert (short, base64.b64decode(header[TOKEN])) == ([1], b"after:a")
    assert Paging(2, "a").page(rows) == ([2, 3], {})
