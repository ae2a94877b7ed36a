"""Durable's management API, as the Durable extension answers it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from running_host import Running

from local.base.clock import ManualClock


def test_a_start_answers_with_the_management_urls(by_hand: Running) -> None:
    answer = by_hand.start("waits", "it")
    body = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == body["statusQueryGetUri"]
    assert body["sendEventPostUri"].endswith(
        "/runtime/webhooks/durabletask/instances/it/raiseEvent/{eventName}"
        "?taskHub=RulesHub&connection=Storage&code=local"
    )


def test_a_start_without_an_id_gets_one(by_hand: Running) -> None:
    first = by_hand.call("POST", "orchestrators/waits").json()["id"]
    second = by_hand.call("POST", "orchestrators/waits").json()["id"]
    assert len(first) == 32
    assert first != second


def test_an_unknown_orchestrator_is_named(by_hand: Running) -> None:
    answer = by_hand.start("nobody", "it")
    assert answer.status_code == 400
    assert "The function 'nobody' doesn't exist" in answer.json()["ExceptionMessage"]


@pytest.mark.parametrize("instance", ["@it", "x" * 257, "a%23b", "a%5Cb"])
def test_an_invalid_id_is_refused(by_hand: Running, instance: str) -> None:
    assert by_hand.start("waits", instance).status_code == 400


def test_a_body_that_is_not_json_is_refused(by_hand: Running) -> None:
    answer = by_hand.call("POST", "orchestrators/waits/it", content=b"{")
    assert (answer.status_code, answer.json()) == (400, {"Message": "Invalid JSON content"})


def test_of_eight_starts_at_once_exactly_one_is_accepted(by_hand: Running) -> None:
    with ThreadPoolExecutor(8) as pool:
        starts = [pool.submit(by_hand.start, "waits", "it") for _ in range(8)]
        answers = [start.result().status_code for start in starts]
    assert sorted(answers) == [202] + [500] * 7


def test_an_instance_that_has_ended_is_replaced(skipping: Running) -> None:
    skipping.run("doubles", 1)
    assert skipping.run("doubles", 2)["output"] == 4


def test_a_late_result_of_a_former_run_reaches_nobody(by_hand: Running) -> None:
    by_hand.run("polls", {"count": 2, "minutes": 1})
    by_hand.do("terminate")
    by_hand.run("polls", {"count": 1, "minutes": 2})
    assert isinstance(by_hand.clock, ManualClock)
    by_hand.clock.advance(timedelta(minutes=1))
    by_hand.host.wait_idle()
    assert by_hand.status("it")["runtimeStatus"] == "Running"


def test_a_running_instance_is_202_with_a_location(by_hand: Running) -> None:
    by_hand.run("waits")
    answer = by_hand.call("GET", "instances/it")
    assert (answer.status_code, answer.headers["retry-after"]) == (202, "5")
    assert answer.headers["location"].endswith("/instances/it")


def test_a_status_is_serialised_as_the_extension_does(skipping: Running) -> None:
    skipping.run("doubles", 21)
    answer = skipping.call("GET", "instances/it")
    assert answer.status_code == 200
    assert list(answer.json().items()) == [
        ("name", "doubles"),
        ("instanceId", "it"),
        ("runtimeStatus", "Completed"),
        ("input", 21),
        ("customStatus", None),
        ("output", 42),
        ("createdTime", "2026-01-01T00:00:00Z"),
        ("lastUpdatedTime", "2026-01-01T00:00:00Z"),
    ]


def test_the_input_can_be_left_out(skipping: Running) -> None:
    skipping.run("doubles", 21)
    assert skipping.status("it", "SHOWINPUT=false")["input"] is None
    assert skipping.status("it", "showInput=0")["input"] == 21


def test_the_history_is_folded(skipping: Running) -> None:
    skipping.run("doubles", 21)
    events = skipping.status("it", "showHistory=true&showHistoryOutput=true")["historyEvents"]
    assert [event["EventType"] for event in events] == [
        "ExecutionStarted",
        "TaskCompleted",
        "ExecutionCompleted",
    ]
    assert (events[1]["FunctionName"], events[1]["Result"]) == ("double", 42)


def test_a_failed_instance_is_500_only_when_asked_for(skipping: Running) -> None:
    skipping.run("fails")
    asked = skipping.call("GET", "instances/it?returnInternalServerErrorOnFailure=true")
    assert asked.status_code == 500
    assert skipping.call("GET", "instances/it").status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "instances/nobody"),
        ("POST", "instances/nobody/terminate"),
        ("POST", "instances/nobody/suspend"),
        ("POST", "instances/nobody/resume"),
        ("POST", "instances/nobody/rewind"),
        ("POST", "instances/nobody/raiseEvent/go"),
        ("DELETE", "instances/nobody"),
        ("GET", "orchestrators/waits"),
        ("GET", "entities/counter/nobody"),
    ],
)
def test_what_is_not_there_is_an_empty_404(by_hand: Running, method: str, path: str) -> None:
    answer = by_hand.call(method, path)
    assert (answer.status_code, answer.content) == (404, b"")


@pytest.mark.parametrize("verb", ["terminate", "suspend", "resume", "rewind"])
def test_what_has_ended_is_410(skipping: Running, verb: str) -> None:
    skipping.run("doubles", 1)
    assert skipping.do(verb) == 410


def test_an_event_for_what_has_ended_is_410(skipping: Running) -> None:
    skipping.run("doubles", 1)
    assert skipping.send("go") == 410


def test_an_event_must_be_json(by_hand: Running) -> None:
    by_hand.run("waits")
    answer = by_hand.call("POST", "instances/it/raiseEvent/go", content=b"1")
    assert answer.json() == {"Message": "Only application/json request content is supported"}


def test_suspending_twice_and_resuming_twice_are_500(by_hand: Running) -> None:
    by_hand.run("waits")
    assert [by_hand.do(verb) for verb in ("suspend", "suspend", "resume", "resume")] == [
        202,
        500,
        202,
        500,
    ]


def test_a_terminated_instance_keeps_the_reason_as_output(by_hand: Running) -> None:
    by_hand.run("waits")
    by_hand.do("terminate", reason="wrong image")
    status = by_hand.status("it")
    assert (status["runtimeStatus"], status["output"]) == ("Terminated", "wrong image")


def test_a_restart_takes_the_same_input_and_a_new_id(skipping: Running) -> None:
    skipping.run("doubles", 21)
    answer = skipping.call("POST", "instances/it/restart")
    skipping.host.wait_idle()
    assert answer.json()["id"] != "it"
    assert skipping.status(answer.json()["id"])["output"] == 42


def test_a_restart_of_what_runs_under_the_same_id_is_500(by_hand: Running) -> None:
    by_hand.run("waits")
    path = "instances/it/restart?restartWithNewInstanceId=false"
    assert by_hand.call("POST", path).status_code == 500


def test_a_restart_of_nobody_is_400(by_hand: Running) -> None:
    answer = by_hand.call("POST", "instances/nobody/restart")
    text = "InstanceId does not match a valid orchestration instance."
    assert (answer.status_code, answer.json()) == (400, {"Message": text})


def test_a_start_can_wait_for_the_output(skipping: Running) -> None:
    path = "orchestrators/doubles?timeout=10&pollingInterval=1"
    answer = skipping.call("POST", path, json=21)
    assert (answer.status_code, answer.json()) == (200, 42)


def test_the_list_is_filtered_and_paged(by_hand: Running) -> None:
    for number in range(3):
        by_hand.start("waits", f"w{number}")
    by_hand.run("doubles", 1, "done")
    first = by_hand.call("GET", "instances?runtimeStatus=Running,Nonsense&top=2")
    token = {"x-ms-continuation-token": first.headers["x-ms-continuation-token"]}
    rest = by_hand.call("GET", "instances/?runtimeStatus=running&top=2", headers=token)
    assert [[each["instanceId"] for each in page.json()] for page in (first, rest)] == [
        ["w0", "w1"],
        ["w2"],
    ]


def test_the_list_knows_prefixes_and_times(by_hand: Running) -> None:
    by_hand.start("waits", "web-1")
    by_hand.start("waits", "api-1")
    prefixed = by_hand.call("GET", "instances?instanceIdPrefix=web").json()
    later = by_hand.call("GET", "instances?createdTimeFrom=2026-01-02T00:00:00.000000Z").json()
    assert ([each["instanceId"] for each in prefixed], later) == (["web-1"], [])


def test_purging_forgets_what_has_ended(skipping: Running) -> None:
    skipping.run("doubles", 1)
    answer = skipping.call("DELETE", "instances/it")
    assert (answer.status_code, answer.json()) == (200, {"instancesDeleted": 1})
    assert skipping.call("GET", "instances/it").status_code == 404


def test_purging_many_needs_a_time(skipping: Running) -> None:
    skipping.run("doubles", 1)
    assert skipping.call("DELETE", "instances").status_code == 400
    path = "instances?createdTimeFrom=2025-01-01&runtimeStatus=Completed"
    assert skipping.call("DELETE", path).json() == {"instancesDeleted": 1}


def test_entities_are_read_signalled_and_listed(skipping: Running) -> None:
    def signal() -> httpx.Response:
        return skipping.call("POST", "entities/Counter/k?op=add", json="5")

    assert [signal().status_code, signal().status_code] == [202, 202]
    skipping.host.wait_idle()
    assert skipping.call("GET", "entities/counter/k").json() == 10
    listed = skipping.call("GET", "entities?fetchState=true").json()
    assert [(each["entityId"], each["state"]) for each in listed] == [
        ({"name": "counter", "key": "k"}, 10)
    ]


def test_signalling_an_unknown_entity_is_400(skipping: Running) -> None:
    assert skipping.call("POST", "entities/nobody/k?op=add").status_code == 400


def test_the_admin_status_tells_the_process(skipping: Running) -> None:
    assert skipping.web.get("/admin/host/status").json()["state"] == "Running"
    assert "doubles" in [each["name"] for each in skipping.web.get("/admin/functions").json()]
