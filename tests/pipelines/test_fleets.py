"""A fleet rollout from a file, in a pipeline on both services."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from comments_api import Comments
from pipeline_run import Machine, Result
from story import NEW, System

type Pipeline = Callable[..., Result]

SMALL = {"capacity": 2, "updateDomains": 2}


@pytest.fixture
def fleet(system: System, tmp_path: Path) -> Callable[..., str]:
    """Writes the file of a fleet of two waves, with a small scale set each; more fields are those
    of the first wave.
    """

    def written(**fields: Any) -> str:
        sets = [system.scale_set(**SMALL).rpartition("/")[2] for _ in range(2)]
        first, rest = ({"name": f"w{at}", "scaleSets": [name]} for at, name in enumerate(sets))
        file = tmp_path / "fleets" / f"cve {sets[0]}.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(yaml.safe_dump({"image": NEW, "waves": [{**first, **fields}, rest]}))
        return str(file)

    return written


def test_exactly_what_was_planned_is_started_and_waited_for(
    system: System, pipeline: Pipeline, comments: Comments, fleet: Callable[..., str]
) -> None:
    file = fleet()
    pull_request = {"api": comments.url, "pull_request": 7}
    planned, again = (pipeline(command="plan", fleet=file, **pull_request) for _ in range(2))
    assert (planned.code, planned.errors, planned.warnings) == (0, [], [])
    assert again.outputs == planned.outputs
    (comment,) = comments.bodies
    assert comment.count("\n| w0 | ") == comment.count("\n| w1 | ") == 1
    assert f"plan: {planned.outputs['plan']}" in comment
    done = pipeline(command="start", fleet=file, plan=planned.outputs["plan"])
    assert (done.code, done.errors) == (0, [])
    assert (done.outputs["phase"], done.outputs["exit-code"]) == ("Succeeded", "0")
    assert "2 of 2 scale sets done" in done.summary
    view = system.fleet(done.outputs["id"])
    assert view["id"].startswith("cve-set")
    assert view["by"].startswith("ann")


def test_a_fleet_that_has_changed_since_the_plan_is_refused(
    pipeline: Pipeline, fleet: Callable[..., str]
) -> None:
    done = pipeline(command="start", fleet=fleet(), plan="0123456789abcdef")
    assert (done.code, done.outputs["exit-code"]) == (6, "6")
    assert "plan" in done.errors[0]


def test_a_wave_that_fails_is_exit_code_1(
    system: System, pipeline: Pipeline, fleet: Callable[..., str]
) -> None:
    file = fleet()
    first = yaml.safe_load(Path(file).read_text())["waves"][0]["scaleSets"][0]
    system.fault("badImage", scaleSet=first, version=NEW)
    done = pipeline(command="start", fleet=file)
    assert (done.code, done.outputs["phase"]) == (1, "Failed")
    assert done.errors[0].startswith(f"{done.outputs['id']} failed: ")


def test_who_waits_for_somebody_is_exit_code_5_and_can_be_waited_for_again(
    system: System, pipeline: Pipeline, fleet: Callable[..., str]
) -> None:
    file = fleet(approval="before")
    done = pipeline(command="start", fleet=file, skipping=False)
    id_ = done.outputs["id"]
    assert (done.code, done.outputs["phase"]) == (5, "AwaitingApproval")
    assert f"vmss-rollout fleet watch {id_}" in done.errors[0]
    system.api.post(f"/api/fleet-rollouts/{id_}/approve", json={"by": "bob"})
    assert pipeline(command="wait", fleet=file, id=id_).code == 0


def test_a_pipeline_that_is_cancelled_says_how_to_come_back_to_a_fleet(
    system: System, pipeline: Pipeline, machine: Machine, fleet: Callable[..., str]
) -> None:
    machine.on_line = lambda line: machine.cancel() if line.startswith("Started ") else None
    done = pipeline(command="start", fleet=fleet(approval="before"), skipping=False)
    id_ = done.outputs["id"]
    assert done.code == 130
    (warning,) = done.warnings
    assert f"vmss-rollout fleet watch {id_}, or run this step with command: wait" in warning
    system.api.post(f"/api/fleet-rollouts/{id_}/abort", json={"by": "bob"})
    system.finish_fleet(id_)


@pytest.mark.parametrize("given", [{"image": NEW}, {"scale_set": "web"}, {"set": "approval=start"}])
def test_what_the_file_says_is_not_said_twice(pipeline: Pipeline, given: dict[str, str]) -> None:
    done = pipeline(command="start", fleet="cve.yaml", **given)
    assert done.code == 2
    (error,) = done.errors
    assert error.endswith("of a fleet rollout stand in cve.yaml: leave them out.")


def test_a_file_that_is_not_there_is_exit_code_2(pipeline: Pipeline) -> None:
    done = pipeline(command="plan", fleet="nowhere.yaml")
    assert done.code == 2
    assert done.errors[0].startswith("nowhere.yaml cannot be read: No such file")
    assert "No plan for nowhere.yaml" in done.summary
