"""The receiver of hooks, callbacks and news."""

from datetime import timedelta
from threading import Event

import httpx
import pytest
from arm_world import World
from receiver import receiving

from local.arm.event_grid import Dispatcher
from local.arm.http import create_app
from local.arm.model import Azure
from local.base import ManualClock, Server

BOX = "/_sim/received/team"


def test_it_takes_any_post_and_shows_it(world: World) -> None:
    headers = {"X-Signature": "abc", "Authorization": ""}
    assert world.http.post(f"{BOX}?code=1", json={"id": "e-1"}, headers=headers).status_code == 200
    world.http.post("/_sim/received/other", content=b"\xff not JSON")
    [first, other] = world.http.get("/_sim/received").json()
    assert (first["box"], first["query"], first["json"]) == ("team", "code=1", {"id": "e-1"})
    assert first["headers"]["x-signature"] == "abc"
    assert (other["json"], other["body"]) == (None, "\ufffd not JSON")
    assert world.http.get(BOX).json() == [first]
    assert world.http.get("/_sim").json()["received"] == [first, other]
    world.http.delete("/_sim/received")
    assert world.http.get("/_sim/received").json() == []


def test_it_answers_what_was_said(world: World) -> None:
    answer = {"status": 503, "body": {"why": "full"}, "headers": {"Retry-After": "5"}, "count": 1}
    assert world.http.put(BOX, json=answer).status_code == 204
    sent = world.http.post(BOX)
    assert (sent.status_code, sent.json(), sent.headers["retry-after"]) == (
        503,
        {"why": "full"},
        "5",
    )
    assert world.http.post(BOX).status_code == 200
    world.http.put(BOX, json={"body": "fine"})
    assert [world.http.post(BOX).text for _ in range(2)] == ["fine", "fine"]
    assert [each["status"] for each in world.http.get(BOX).json()] == [503, 200, 200, 200]


def test_who_does_not_wait_for_a_late_answer_is_listed_all_the_same(world: World) -> None:
    world.http.put(BOX, json={"delay": 0.5})
    with pytest.raises(httpx.ReadTimeout):
        world.http.post(BOX, timeout=0.05)
    assert len(world.http.get(BOX).json()) == 1


@pytest.mark.parametrize("after", [0, 90])
def test_a_question_is_answered_when_that_was_said(after: int) -> None:
    clock, came = ManualClock(), Event()

    def take(_: httpx.Request) -> httpx.Response:
        came.set()
        return httpx.Response(202)

    azure = Azure(clock)
    with receiving() as app, Server(create_app(azure, Dispatcher(azure))) as server:
        app.answer = take
        with httpx.Client(base_url=server.url) as http:
            http.put(BOX, json={"answer": {"verdict": "fail"}, "after": after})
            for callback in (f"{app.url}/c", "http://127.0.0.1:none/"):
                assert http.post(BOX, json={"id": "q-1", "callback": callback}).is_success
            assert http.post(BOX, json={"id": "no question"}).is_success
        assert came.is_set() is (after == 0)
        clock.advance(timedelta(seconds=after))
        assert came.wait(60)
        assert app.bodies == [{"verdict": "fail"}]


def test_a_question_is_answered_by_hand(world: World) -> None:
    with receiving() as app:
        app.answer = lambda _: httpx.Response(202, json={"id": "q-1", "verdict": "pass"})
        asked = {"id": "q-1", "callback": f"{app.url}/c"}
        world.http.post(BOX, json=asked)
        given = {"callback": asked["callback"], "answer": {"verdict": "pass"}}
        answer = world.http.post("/_sim/answers", json=given)
        assert answer.status_code == 200
        assert answer.json() == {
            "at": "2026-01-01T00:00:00.0000000+00:00",
            "answer": {"verdict": "pass"},
            "status": 202,
            "body": '{"id":"q-1","verdict":"pass"}',
        }
        assert app.bodies == [{"verdict": "pass"}]
    [question] = world.http.get(BOX).json()
    assert question["answers"] == [answer.json()]


def test_an_answer_that_nobody_takes_is_kept_as_well(world: World) -> None:
    world.http.post(BOX, json={"callback": "http://127.0.0.1:9/c"})
    given = {"callback": "http://127.0.0.1:9/c", "answer": {"verdict": "pass"}}
    answer = world.http.post("/_sim/answers", json=given).json()
    assert (answer["status"], "not answer" in answer["body"]) == (None, True)


def test_only_who_asked_is_answered(world: World) -> None:
    world.http.post(BOX, json={"id": "no question"})
    given = {"callback": "http://127.0.0.1:9/", "answer": {"verdict": "pass"}}
    refused = world.http.post("/_sim/answers", json=given)
    assert (refused.status_code, "GET /_sim/received" in refused.text) == (404, True)
    assert world.http.post("/_sim/answers", json={"callback": "x"}).status_code == 400


@pytest.mark.parametrize("body", [{"status": 99}, {"delay": -1}, {"state": 200}, {"count": 0}])
def test_an_answer_that_is_none_is_refused(world: World, body: dict[str, int]) -> None:
    assert world.http.put(BOX, json=body).status_code == 400


def test_a_page_of_another_site_sends_nothing_here(world: World) -> None:
    sent = world.http.post(BOX, headers={"Origin": "https://evil.example"})
    assert (sent.status_code, world.http.get(BOX).json()) == (403, [])


def test_what_came_is_no_request_of_arm(world: World) -> None:
    world.http.post(BOX)
    assert world.http.get("/_sim/requests").json() == []


def test_what_boxes_answer_is_listed_and_taken_away(world: World) -> None:
    assert world.http.get("/_sim/answers").json() == []
    world.http.put(BOX, json={"status": 503, "count": 2})
    world.http.put("/_sim/received/other", json={})
    [said] = world.http.get("/_sim/answers").json()
    assert (said["box"], said["status"], said["count"]) == ("team", 503, 2)
    assert world.http.get("/_sim").json()["answers"] == [said]
    assert world.http.delete("/_sim/answers/team").status_code == 204
    assert world.http.post(BOX, json={}).status_code == 200
    refused = world.http.delete("/_sim/answers/nobody")
    assert (refused.status_code, "GET /_sim/answers" in refused.text) == (404, True)


def test_an_answer_that_is_used_up_is_listed_no_more(world: World) -> None:
    world.http.put(BOX, json={"status": 503, "count": 1})
    assert world.http.post(BOX, json={}).status_code == 503
    assert world.http.get("/_sim/answers").json() == []
