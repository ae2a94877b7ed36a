"""A step of ours in a pipeline, on both services: what it does, says, and ends with."""

from collections.abc import Callable

import pytest
from comments_api import Comments
from pipeline_run import HOSTILE, Machine, Result
from story import NEW, OLD, PLATFORM, System

type Pipeline = Callable[..., Result]

SMALL = {"capacity": 2, "updateDomains": 2}
PULL_REQUEST = 7


def test_a_plan_changes_nothing_and_is_on_the_page_of_the_run(
    system: System, pipeline: Pipeline
) -> None:
    scale_set = system.scale_set(**SMALL)
    done = pipeline(command="plan", scale_set=scale_set, image=NEW)
    assert (done.code, done.errors, done.warnings) == (0, [], [])
    assert done.outputs == {"plan": system.plan(scale_set)["fingerprint"], "exit-code": "0"}
    assert f"{':'.join(PLATFORM.values())}:{OLD} → " in done.summary
    assert "| 2 | update domain 1 | 1: 1 |" in done.summary
    assert system.truth(scale_set)["peakDown"] == 0


def test_exactly_what_was_planned_is_started_and_waited_for(
    system: System, pipeline: Pipeline
) -> None:
    scale_set = system.scale_set(**SMALL)
    plan = pipeline(command="plan", scale_set=scale_set, image=NEW).outputs["plan"]
    done = pipeline(command="start", scale_set=scale_set, image=NEW, plan=plan)
    assert (done.code, done.errors) == (0, [])
    assert (done.outputs["phase"], done.outputs["exit-code"]) == ("Succeeded", "0")
    assert done.outputs["message"].startswith("2 instance(s) run")
    assert f"{done.outputs['id']}: Succeeded" in done.summary
    view = system.view(done.outputs["id"])
    assert view["by"].startswith("ann")
    assert view["reason"].endswith(("/actions/runs/4711", "/_build/results?buildId=815"))


def test_a_plan_that_does_not_hold_any_more_is_refused(system: System, pipeline: Pipeline) -> None:
    scale_set = system.scale_set(**SMALL)
    done = pipeline(command="start", scale_set=scale_set, image=NEW, plan="0123456789abcdef")
    assert (done.code, done.outputs["exit-code"]) == (6, "6")
    assert len(done.errors) == 1
    assert "plan" in done.errors[0]
    assert system.truth(scale_set)["peakDown"] == 0


@pytest.mark.parametrize(
    ("on_failure", "code", "ended"),
    [("rollback", 3, "was rolled back"), ("stop", 1, "failed")],
)
def test_the_exit_code_and_an_annotation_say_how_it_ended(
    system: System, pipeline: Pipeline, on_failure: str, code: int, ended: str
) -> None:
    scale_set = system.scale_set(**SMALL)
    system.fault("badImage", scaleSet=scale_set.rpartition("/")[2], version=NEW)
    policy = f"onFailure={on_failure}\nhealth.timeout=PT5M"
    done = pipeline(command="start", scale_set=scale_set, image=NEW, set=policy)
    assert (done.code, done.outputs["exit-code"]) == (code, str(code))
    (error,) = done.errors
    assert error.startswith(f"{done.outputs['id']} {ended}: ")
    assert done.outputs["message"] in error


def test_who_waits_for_somebody_is_exit_code_5_and_can_be_waited_for_again(
    system: System, pipeline: Pipeline
) -> None:
    scale_set = system.scale_set(**SMALL)
    asked = {"scale_set": scale_set, "image": NEW, "set": "approval=start"}
    done = pipeline(command="start", skipping=False, **asked)
    rollout = done.outputs["id"]
    assert (done.code, done.outputs["phase"]) == (5, "AwaitingApproval")
    assert "waits for somebody" in done.errors[0]
    assert f"command: wait, id: {rollout}" in done.errors[0]
    system.api.post(f"/api/rollouts/{rollout}/approve", json={"by": "bob"})
    assert pipeline(command="wait", id=rollout).code == 0


def test_a_start_need_not_wait_and_an_abort_is_exit_code_4(
    system: System, pipeline: Pipeline
) -> None:
    scale_set = system.scale_set(**SMALL)
    started = {"scale_set": scale_set, "image": NEW, "set": "approval=start", "wait": False}
    done = pipeline(command="start", skipping=False, **started)
    assert (done.code, set(done.outputs)) == (0, {"id", "exit-code"})
    system.api.post(f"/api/rollouts/{done.outputs['id']}/abort", json={"by": "bob"})
    ended = pipeline(command="wait", id=done.outputs["id"])
    assert (ended.code, ended.outputs["phase"]) == (4, "Aborted")


def test_a_pipeline_that_is_cancelled_leaves_the_rollout_running(
    system: System, pipeline: Pipeline, machine: Machine
) -> None:
    """The service tells the entry process of the step, and nobody else."""
    scale_set = system.scale_set(**SMALL)
    machine.on_line = lambda line: machine.cancel() if line.startswith("Started ") else None
    asked = {"scale_set": scale_set, "image": NEW, "set": "approval=start"}
    done = pipeline(command="start", skipping=False, **asked)
    rollout = done.outputs["id"]
    assert done.code == 130
    (warning,) = done.warnings
    assert f"vmss-rollout watch {rollout}, or run this step with command: wait" in warning
    assert not any("Traceback" in line for line in done.log)
    assert system.view(rollout)["finishedAt"] is None
    system.api.post(f"/api/rollouts/{rollout}/approve", json={"by": "bob"})
    assert pipeline(command="wait", id=rollout).code == 0


INPUTS = ["scale_set", "image", "policy", "preset", "set", "plan", "id"]


@pytest.mark.parametrize(("text", "where"), [*zip(HOSTILE, INPUTS, strict=True)])
def test_what_others_write_is_never_part_of_a_script(
    pipeline: Pipeline, text: str, where: str
) -> None:
    """Neither of ours nor of the service: nothing runs, and no command to the service gets out."""
    given = {"scale_set": "nowhere", "image": NEW, where: text}
    done = pipeline(command="start", **given)
    assert done.code == 2
    assert not {"mine", "phase"} & {*done.outputs, *done.outputs.values()}
    assert len(done.errors) == 1
    assert "mine" not in done.errors
    assert done.warnings == []


def test_an_app_that_is_not_there_is_exit_code_1(pipeline: Pipeline) -> None:
    done = pipeline(command="plan", app="http://127.0.0.1:9", scale_set="web", image=NEW)
    assert done.code == 1
    assert "No connection to http://127.0.0.1:9" in done.errors[0]


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"command": "plan"}, "plan needs the scale set and the image."),
        ({"command": "wait"}, "wait needs the id."),
        ({"command": "plan", "app": ""}, "plan needs the app and the scale set and the image."),
        ({"set": "approval"}, "'approval' sets nothing: it must be like approval=start."),
    ],
)
def test_what_is_missing_is_said_at_once(
    pipeline: Pipeline, inputs: dict[str, str], said: str
) -> None:
    whole = {"scale_set": "web", "image": NEW} if "set" in inputs else {}
    done = pipeline(**whole, **inputs)
    assert (done.code, done.errors) == (2, [said])


def test_the_plan_is_one_comment_on_the_pull_request_however_often_it_is_made(
    system: System, pipeline: Pipeline, comments: Comments
) -> None:
    comments.say("looks good", by="User")
    scale_set, other = system.scale_set(**SMALL), system.scale_set(**SMALL)
    pull_request = {"api": comments.url, "pull_request": PULL_REQUEST}
    for image in (OLD, NEW):
        assert pipeline(scale_set=scale_set, image=image, **pull_request).warnings == []
    assert len(comments.bodies) == 2
    assert f" → {':'.join(PLATFORM.values())}:{NEW}" in comments.bodies[1]
    pipeline(scale_set=other, image=NEW, **pull_request)
    assert len(comments.bodies) == 3


def test_a_plan_that_is_refused_takes_the_place_of_the_one_that_was_not(
    system: System, pipeline: Pipeline, comments: Comments
) -> None:
    scale_set = system.scale_set(**SMALL)
    pull_request = {"api": comments.url, "pull_request": PULL_REQUEST}
    pipeline(scale_set=scale_set, image=NEW, **pull_request)
    done = pipeline(scale_set=scale_set, image="99.99", **pull_request)
    assert done.code == 2
    (body,) = comments.bodies
    assert "No plan for" in body
    assert "99.99" in body


def test_what_a_person_has_written_stays_whatever_stands_in_it(
    system: System, pipeline: Pipeline, comments: Comments
) -> None:
    scale_set = system.scale_set(**SMALL)
    pull_request = {"api": comments.url, "pull_request": PULL_REQUEST}
    pipeline(scale_set=scale_set, image=NEW, **pull_request)
    written = comments.comments.pop()
    copied = comments.say(written["body"], by="User")["body"]
    pipeline(scale_set=scale_set, image=OLD, **pull_request)
    pipeline(scale_set=scale_set, image=OLD, **pull_request)
    assert len(comments.bodies) == 2
    assert comments.bodies[0] == copied


def test_a_pull_request_that_cannot_be_commented_is_a_warning(
    system: System, pipeline: Pipeline, comments: Comments
) -> None:
    comments.refused = True
    pull_request = {"api": comments.url, "pull_request": PULL_REQUEST}
    done = pipeline(scale_set=system.scale_set(**SMALL), image=NEW, **pull_request)
    assert (done.code, done.errors) == (0, [])
    assert "answered 403" in done.warnings[0]
    assert "ermission" in done.warnings[0]
    assert "Plan for" in done.summary


def test_comments_can_be_left_out(system: System, pipeline: Pipeline, comments: Comments) -> None:
    scale_set = system.scale_set(**SMALL)
    pipeline(
        scale_set=scale_set, image=NEW, comment=False, api=comments.url, pull_request=PULL_REQUEST
    )
    assert comments.requests == []
