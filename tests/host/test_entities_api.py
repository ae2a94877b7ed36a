"""The management API's calls about entities."""

from datetime import timedelta

import httpx
import pytest
from running_host import Running

from local.base.clock import ManualClock

TOKEN = "x-ms-continuation-token"  # noqa: S105 - a page's, not a secret


def add(host: Running, key: str, number: int = 5) -> httpx.Response:
    """As the SDK's client signals: JSON text in a JSON string."""
    answer = host.call("POST", f"entities/Counter/{key}?op=add", json=str(number))
    host.host.wait_idle()
    return answer


def keys(answer: httpx.Response) -> list[str]:
    return [each["entityId"]["key"] for each in answer.json()]


def test_an_entity_is_signalled_and_read(skipping: Running) -> None:
    assert [add(skipping, "k").status_code for _ in range(2)] == [202, 202]
    assert skipping.call("GET", "entities/counter/k").json() == 10


def test_a_list_holds_states_only_when_asked(skipping: Running) -> None:
    add(skipping, "k")
    shown = {"entityId": {"name": "counter", "key": "k"}}
    (asked,) = skipping.call("GET", "entities?fetchState=true").json()
    (plain,) = skipping.call("GET", "entities/counter").json()
    assert shown | {"state": 5} == {name: asked[name] for name in ("entityId", "state")}
    assert shown | {"state": None} == {name: plain[name] for name in ("entityId", "state")}


def test_a_list_is_given_page_by_page(skipping: Running) -> None:
    for key in "abc":
        add(skipping, key)
    first = skipping.call("GET", "entities?top=2")
    rest = skipping.call("GET", "entities?top=2", headers={TOKEN: first.headers[TOKEN]})
    assert (keys(first), keys(rest), TOKEN in rest.headers) == (["a", "b"], ["c"], False)


def test_a_list_knows_the_time_of_the_last_operation(by_hand: Running) -> None:
    add(by_hand, "old")
    assert isinstance(by_hand.clock, ManualClock)
    by_hand.clock.advance(timedelta(hours=1))
    add(by_hand, "new")
    half = "2026-01-01T00:30:00Z"
    assert keys(by_hand.call("GET", f"entities?lastOperationTimeFrom={half}")) == ["new"]
    assert keys(by_hand.call("GET", f"entities?lastOperationTimeTo={half}")) == ["old"]


def test_what_is_not_json_arrives_as_a_text(skipping: Running) -> None:
    plain = {"content-type": "text/plain"}
    path = "entities/counter/k?op=add"
    assert skipping.call("POST", path, content="5", headers=plain).status_code == 202
    skipping.host.wait_idle()
    assert skipping.call("GET", "entities/counter/k").json() == 5


def test_json_that_cannot_be_read_is_400(skipping: Running) -> None:
    kind = {"content-type": "application/json; charset=utf-8"}
    answer = skipping.call("POST", "entities/counter/k?op=add", content="{", headers=kind)
    assert answer.status_code == 400
    assert answer.json()["Message"].startswith("Could not parse JSON content: ")


def test_a_key_may_be_empty(skipping: Running) -> None:
    assert skipping.call("POST", "entities/counter/?op=add", json="5").status_code == 202
    skipping.host.wait_idle()
    assert skipping.call("GET", "entities/counter/$").json() == 5


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_entity_function_is_400(skipping: Running, method: str) -> None:
    answer = skipping.call(method, "entities/nobody/k")
    assert (answer.status_code, "'nobody' doesn't exist" in answer.json()["Message"]) == (400, True)


def test_an_entity_without_a_state_is_an_empty_404(skipping: Running) -> None:
    answer = skipping.call("GET", "entities/counter/nobody")
    assert (answer.status_code, answer.content) == (404, b"")
