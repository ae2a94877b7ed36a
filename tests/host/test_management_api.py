"""Durable's management API, as the Durable extension answers it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

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


def test_an_unknown_orchestrator_is_started_and_fails(by_hand: Running) -> None:
    status = by_hand.run("nobody")
    assert status["runtimeStatus"] == "Failed"
    assert "there is no orchestrator function 'nobody'" in status["output"]


@pytest.mark.parametrize("instance", ["@it", "x" * 257, "a%23b", "a%5Cb"])
def test_an_invalid_id_is_refused(by_hand: Running, instance: str) -> None:
    assert by_hand.start("waits", instance).status_code == 400


def test_a_body_that_is_not_json_is_refused(by_hand: Running) -> None:
    answer = by_hand.call("POST", "orchestrators/waits/it", content=b"{")
    assert (answer.status_code, answer.json()) == (400, {"Message": "Invalid JSON content"})


@pytest.mark.parametrize("body", ["[1]", "5", "true"])
def test_an_input_that_the_sdk_cannot_read_is_refused(by_hand: Running, body: str) -> None:
    answer = by_hand.call("POST", "orchestrators/doubles/it", content=body)
    assert (answer.status_code, "TypeError in get_input" in answer.text) == (400, True)


def test_an_object_may_be_the_input_as_it_is(skipping: Running) -> None:
    skipping.call("POST", "orchestrators/polls/it", json={"count": 1, "minutes": 1})
    skipping.host.wait_idle()
    assert skipping.status("it")["output"] == 1


def test_of_eight_starts_at_once_exactly_one_is_accepted(by_hand: Running) -> None:
    with ThreadPoolExecutor(8) as pool:
        starts = [pool.submit(by_hand.start, "waits", "it") for _ in range(8)]
        answers = [start.result().status_code for start in starts]
    assert sorted(answers) == [202] + [409] * 7


def test_a_start_of_what_runs_is_a_conflict(by_hand: Running) -> None:
    by_hand.start("waits", "it")
    answer = by_hand.start("waits", "it")
    assert (answer.status_code, list(answer.json())) == (409, ["Message"])
    assert "already exists" in answer.json()["Message"]


def test_an_instance_that_has_ended_is_replaced(skipping: Running) -> None:
    skipping.run("doubles", 1)
    assert skipping.run("doubles", 2)["output"] == 4


def test_a_late_result_of_a_former_run_reaches_nobody(by_hand: Running) -> None:
    by_hand.run("polls", {"count": 2, "minutes": 1})
    by_hand.do("terminate")
    by_hand.host.wait_idle()
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
        ("input", "21"),
        ("customStatus", None),
        ("output", 42),
        ("createdTime", "2026-01-01T00:00:00Z"),
        ("lastUpdatedTime", "2026-01-01T00:00:00Z"),
        ("version", None),
        ("parentInstanceId", None),
    ]


def test_a_child_names_its_parent_and_every_instance_its_version(skipping: Running) -> None:
    skipping.run("parent", {"name": "doubles", "input": 1, "id": "child"})
    child = skipping.status("child")
    assert (child["parentInstanceId"], child["version"], child["input"]) == ("it", None, "1")
    skipping.call("POST", "orchestrators/waits/versioned?version=2.0")
    assert skipping.status("versioned")["version"] == "2.0"


def test_the_input_can_be_left_out(skipping: Running) -> None:
    skipping.run("doubles", 21)
    assert skipping.status("it", "SHOWINPUT=false")["input"] is None
    assert skipping.status("it", "showInput=0")["input"] == "21"


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
        ("POST", "instances/nobody/raiseEvent/go"),
        ("DELETE", "instances/nobody"),
        ("GET", "orchestrators/waits"),
        ("GET", "entities/counter/nobody"),
    ],
)
def test_what_is_not_there_is_an_empty_404(by_hand: Running, method: str, path: str) -> None:
    answer = by_hand.call(method, path)
    assert (answer.status_code, answer.content) == (404, b"")


@pytest.mark.parametrize("verb", ["terminate", "suspend", "resume"])
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
    by_hand.host.wait_idle()
    status = by_hand.status("it")
    assert (status["runtimeStatus"], status["output"]) == ("Terminated", "wrong image")


def test_a_restart_takes_the_same_input_and_a_new_id(skipping: Running) -> None:
    skipping.run("doubles", 21)
    answer = skipping.call("POST", "instances/it/restart")
    skipping.host.wait_idle()
    assert answer.json()["id"] != "it"
    assert skipping.status(answer.json()["id"])["output"] == 42


def test_a_restart_of_what_runs_under_the_same_id_is_a_conflict(by_hand: Running) -> None:
    by_hand.run("waits")
    path = "instances/it/restart?restartWithNewInstanceId=false"
    answer = by_hand.call("POST", path)
    text = "A non-terminal instance with this instance ID already exists."
    assert (answer.status_code, answer.json()["Message"]) == (409, text)


def test_a_restart_of_nobody_is_400(by_hand: Running) -> None:
    answer = by_hand.call("POST", "instances/nobody/restart")
    text = "InstanceId does not match a valid orchestration instance."
    assert (answer.status_code, answer.json()["Message"]) == (400, text)


def test_only_what_has_failed_can_be_rewound(skipping: Running) -> None:
    assert skipping.call("POST", "instances/nobody/rewind").json().startswith("No orchestration")
    assert skipping.do("rewind", "nobody") == 404
    skipping.run("doubles", 1)
    answer = skipping.call("POST", "instances/it/rewind")
    assert answer.status_code == 412
    assert answer.json().startswith("This orchestration has status Completed, but only")


def test_a_running_instance_cannot_be_rewound(by_hand: Running) -> None:
    by_hand.run("waits")
    assert by_hand.do("rewind") == 412


def test_the_local_host_says_that_it_does_not_rewind(skipping: Running) -> None:
    skipping.run("fails")
    answer = skipping.call("POST", "instances/it/rewind")
    assert (answer.status_code, "restart the instance" in answer.text) == (501, True)


def test_a_start_can_wait_for_the_output(skipping: Running) -> None:
    path = "orchestrators/doubles?timeout=10&pollingInterval=1"
    answer = skipping.call("POST", path, json="21")
    assert (answer.status_code, answer.json()) == (200, 42)


@pytest.mark.parametrize("timeout", ["inf", "nan", "soon", ""])
def test_a_wait_that_is_no_number_is_no_wait(by_hand: Running, timeout: str) -> None:
    path = f"orchestrators/waits/it?timeout={timeout}&pollingInterval=1"
    assert by_hand.call("POST", path).status_code == 202


@pytest.mark.parametrize("base", ["durableTask", "DURABLETASK"])
def test_the_api_is_found_in_any_case(by_hand: Running, base: str) -> None:
    by_hand.run("waits")
    assert by_hand.web.get(f"/Runtime/webhooks/{base}/Instances/it").status_code == 202


def test_another_task_hub_is_empty(by_hand: Running) -> None:
    by_hand.run("waits")
    assert by_hand.call("GET", "instances/it?taskHub=Other").status_code == 404
    assert by_hand.call("GET", "instances/it?taskHub=ruleshub").status_code == 202


def test_a_connection_that_the_app_does_not_have_is_a_failure(by_hand: Running) -> None:
    answer = by_hand.call("GET", "instances?connection=Other")
    assert (answer.status_code, "'Other'" in answer.json()["ExceptionMessage"]) == (500, True)


def test_an_event_in_another_case_reaches_nobody_and_is_warned_of(
    by_hand: Running, caplog: pytest.LogCaptureFixture
) -> None:
    by_hand.run("waits")
    assert by_hand.send("GO", 1) == 202
    by_hand.host.wait_idle()
    assert by_hand.status("it")["runtimeStatus"] == "Running"
    assert "event 'GO' reached it while nobody waited for it" in caplog.text
