"""What orchestrations do in the local host, and what they do not get away with."""

import sys
from datetime import timedelta

import pytest
from running_host import Running

from local.base.clock import ManualClock
from local.host.replay.history import EventType


def minutes(running: Running, count: int) -> None:
    assert isinstance(running.clock, ManualClock)
    running.clock.advance(timedelta(minutes=count))
    running.host.wait_idle()


def completed_at(running: Running, instance: str = "it") -> str:
    return running.status(instance)["lastUpdatedTime"][11:16]


def test_an_activity_gives_its_result(skipping: Running) -> None:
    status = skipping.run("doubles", 21)
    assert (status["runtimeStatus"], status["output"]) == ("Completed", 42)


def test_six_hours_of_polls_pass_without_waiting(skipping: Running) -> None:
    status = skipping.run("polls_in_parts", {"parts": 3, "count": 24, "minutes": 5})
    assert (status["output"], completed_at(skipping)) == ("seen", "06:00")


def test_nothing_is_left_open_at_the_end(skipping: Running) -> None:
    skipping.run("polls_in_parts", {"parts": 2, "count": 2, "minutes": 5})
    assert set(skipping.host.store.open_work().values()) == {0}


def test_a_retried_activity_is_tried_again_after_the_interval(skipping: Running) -> None:
    status = skipping.run("retries", {"key": "twice", "failures": 2})
    assert (status["output"], completed_at(skipping)) == ("twice", "00:02")


def test_a_retried_activity_gives_up_without_a_further_pause(skipping: Running) -> None:
    status = skipping.run("retries", {"key": "always", "failures": 9})
    assert status["output"].startswith("gave up: Activity function 'flaky' failed:  ValueError: ")
    assert completed_at(skipping) == "00:02"


def test_racing_a_retried_task_fails_as_it_would_hang_on_azure(skipping: Running) -> None:
    assert skipping.run("races_a_retried_task")["runtimeStatus"] == "Failed"


def test_fanning_out_a_retried_task_fails_instead_of_mixing_up_results(skipping: Running) -> None:
    status = skipping.run("fans_out_a_retried_task")
    assert status["runtimeStatus"] == "Failed"
    assert "never inside task_any or task_all" in status["output"]


def test_a_fan_out_of_plain_activities_is_fine(skipping: Running) -> None:
    assert skipping.run("fans_out_safely", 50)["output"] == 2450


def test_a_task_that_is_listed_twice_fails_instead_of_mixing_up_results(
    skipping: Running,
) -> None:
    assert "one is listed twice" in skipping.run("lists_a_task_twice")["output"]


def test_ten_sync_activities_run_at_once(skipping: Running) -> None:
    assert skipping.run("ten_at_once")["output"] == [True] * 10


def test_a_late_activity_of_a_former_run_reaches_nobody(by_hand: Running) -> None:
    app = sys.modules["function_app"]
    by_hand.start("waits_for_a_gate", "it", {"key": "first"})
    assert app.entered["first"].wait(timeout=10)
    by_hand.do("terminate")
    by_hand.host.wait_until_over("it")
    by_hand.start("waits_for_a_gate", "it", {"key": "second"})
    assert app.entered["second"].wait(timeout=10)
    app.gates["first"].set()
    app.gates["second"].set()
    by_hand.host.wait_idle()
    assert by_hand.status("it")["output"] == "second"


def test_a_caught_failure_in_a_fan_out_still_waits_for_the_others(skipping: Running) -> None:
    status = skipping.run("catches_in_a_fan_out")
    assert (status["output"], completed_at(skipping)) == ("after", "01:00")


def test_a_timer_that_was_not_cancelled_keeps_the_instance_running(by_hand: Running) -> None:
    assert by_hand.run("races_a_timer")["runtimeStatus"] == "Running"
    minutes(by_hand, 60)
    assert by_hand.status("it")["output"] == 42


def test_a_cancelled_timer_does_not(by_hand: Running) -> None:
    assert by_hand.run("races_a_timer", {"cancel": True})["runtimeStatus"] == "Completed"


def test_a_failure_says_which_activity_failed_and_how(skipping: Running) -> None:
    status = skipping.run("fails")
    assert status["runtimeStatus"] == "Failed"
    assert status["output"].startswith(
        "Orchestrator function 'fails' failed: Activity function 'fail' failed:  "
        "ValueError: no luck"
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [("calls_nobody", "no activity function 'nobody'"), ("calls_http", "call_http is not run")],
)
def test_what_would_hang_on_azure_fails_here(skipping: Running, name: str, words: str) -> None:
    status = skipping.run(name)
    assert status["runtimeStatus"] == "Failed"
    assert words in status["output"]


def test_an_orchestrator_that_is_not_deterministic_fails(skipping: Running) -> None:
    status = skipping.run("changes")
    assert "Non-Deterministic workflow detected" in status["output"]


def test_a_custom_status_of_16_kib_is_shown(by_hand: Running) -> None:
    letters = 17 * 512 - 3  # with its quotes one letter short of 17 KiB: Durable rounds down
    assert by_hand.run("shown", letters)["customStatus"] == "x" * letters


def test_a_larger_custom_status_fails_the_instance(by_hand: Running) -> None:
    status = by_hand.run("shown", 17 * 512)
    assert "the custom status is 17412 bytes" in status["output"]


def test_events_of_the_management_api_arrive_as_they_are(skipping: Running) -> None:
    skipping.run("waits")
    skipping.send("go", {"a": 1})
    skipping.host.wait_idle()
    assert skipping.status("it")["output"] == {"a": 1}


def test_an_event_nobody_waits_for_is_kept_with_a_warning(
    by_hand: Running, caplog: pytest.LogCaptureFixture
) -> None:
    by_hand.run("waits_late")
    by_hand.send("go", 7)
    by_hand.host.wait_idle()
    assert "while nobody waited for it" in caplog.text
    minutes(by_hand, 1)
    assert by_hand.status("it")["output"] == 7


def test_continue_as_new_takes_waiting_events_along(by_hand: Running) -> None:
    app = sys.modules["function_app"]
    by_hand.run("counts_down", 2)
    by_hand.send("go", 1)
    assert app.entered["count"].wait(timeout=10)
    by_hand.do("suspend")
    app.gates["count"].set()
    by_hand.host.wait_idle()
    by_hand.send("go", 2)
    by_hand.do("resume")
    by_hand.host.wait_idle()
    assert by_hand.status("it")["output"] == "done"


def test_a_parent_gets_its_childs_output(skipping: Running) -> None:
    status = skipping.run("parent", {"name": "doubles", "input": 4})
    assert status["output"] == {"child": 8}


def test_a_parent_gets_its_childs_failure(skipping: Running) -> None:
    status = skipping.run("parent", {"name": "fails"})
    assert "Orchestrator function 'fails' failed" in status["output"]["failed"]


def test_a_terminated_parent_leaves_its_child_running(by_hand: Running) -> None:
    by_hand.run("parent", {"name": "waits", "id": "child"})
    by_hand.do("terminate")
    by_hand.host.wait_idle()
    assert by_hand.status("it")["runtimeStatus"] == "Terminated"
    assert by_hand.status("child")["runtimeStatus"] == "Running"


def test_a_terminated_child_fails_in_its_parent(by_hand: Running) -> None:
    by_hand.run("parent", {"name": "waits", "id": "child"})
    by_hand.do("terminate", "child", "enough")
    by_hand.host.wait_idle()
    assert "terminated: enough" in by_hand.status("it")["output"]["failed"]


def test_a_suspended_instance_takes_no_turns_until_resumed(by_hand: Running) -> None:
    by_hand.run("waits_at_most_an_hour")
    by_hand.do("suspend")
    minutes(by_hand, 90)
    assert by_hand.status("it")["runtimeStatus"] == "Suspended"
    by_hand.do("resume")
    by_hand.host.wait_idle()
    assert by_hand.status("it")["output"] == "timed out at 01:30"


def test_a_suspended_instance_keeps_its_events(by_hand: Running) -> None:
    by_hand.run("waits")
    by_hand.do("suspend")
    by_hand.send("go", "now")
    by_hand.host.wait_idle()
    by_hand.do("resume")
    by_hand.host.wait_idle()
    assert by_hand.status("it")["output"] == "now"


def test_time_is_not_skipped_for_suspended_instances(skipping: Running) -> None:
    before = skipping.clock.now()
    skipping.start("waits_at_most_an_hour", "it")
    skipping.do("suspend")
    skipping.host.wait_idle()
    assert skipping.clock.now() - before < timedelta(hours=2)


def test_entities_are_called_and_signalled(skipping: Running) -> None:
    assert skipping.run("uses_a_counter", {"key": "k"})["output"] == [7, "boom"]


def test_history_numbers_tasks_as_the_extension_does(skipping: Running) -> None:
    skipping.run("retries", {"key": "numbers", "failures": 1})
    events = skipping.host.store.history("it")
    scheduled = [
        (event["EventId"], EventType(event["EventType"]).name)
        for event in events
        if event["EventId"] >= 0
    ]
    assert scheduled == [(0, "TASK_SCHEDULED"), (1, "TIMER_CREATED"), (2, "TASK_SCHEDULED")]
