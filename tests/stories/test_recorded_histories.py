"""Rollouts that were begun with earlier code go on with today's: their histories replay."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from recording import RECORDED, SCENARIOS

from local.host.engine.recorded import Recording, read
from orchestrators import ORCHESTRATORS, orchestrator

BY_NAME: dict[str, Callable[..., Any]] = {name: orchestrator(name) for name in ORCHESTRATORS}
FILES = sorted(RECORDED.glob("*.json"))
RECORDINGS = [(file, recording) for file in FILES for recording in read(file)]
WHAT_TO_DO = """{file}: today's orchestrator {name} does not follow {id}: {problem}

A rollout that runs while this is deployed would end with "Non-Deterministic workflow detected".
- Where nothing is deployed that runs the old code: delete the file, run `make record`, and look at
  what differs.
- Else keep the old way: raise extensions.durableTask.defaultVersion in host.json, let the
  orchestrator go the new way only where context.version says so, and record new scenarios beside
  the old ones. The old way can go when no rollout of the old version runs any more.
"""


def phase(output: Any) -> str | None:
    """What must be the same of a rollout's end; other orchestrators' outputs have none."""
    match output:
        case {"phase": str(ended)}:
            return ended
        case _:
            return None


def _id(case: tuple[Path, Recording]) -> str:
    file, recording = case
    return f"{file.stem}-{recording.instance.id}"


@pytest.mark.parametrize("case", RECORDINGS, ids=_id)
def test_todays_orchestrators_follow_what_was_recorded(case: tuple[Path, Recording]) -> None:
    file, recording = case
    instance = recording.instance
    problem = recording.problem(BY_NAME[instance.name], phase)
    told = WHAT_TO_DO.format(file=file, name=instance.name, id=instance.id, problem=problem)
    assert problem is None, told


def test_every_orchestrator_and_every_scenario_is_recorded() -> None:
    assert {recording.instance.name for _, recording in RECORDINGS} == set(BY_NAME)
    assert {file.stem for file in FILES} >= {scenario.__name__ for scenario in SCENARIOS}


def one_of(name: str) -> Recording:
    return next(each for _, each in RECORDINGS if each.instance.name == name)


def other_activity(context: Any) -> Any:
    yield context.call_activity("something_else", {})


def nothing_at_all(context: Any) -> Any:
    del context
    return {"phase": "Succeeded"}
    yield


def fails(context: Any) -> Any:
    raise ValueError("a field is missing")
    yield context


def one_more_first(context: Any) -> Any:
    yield context.create_timer(context.current_utc_datetime)
    yield from BY_NAME["roll_out"](context)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        (other_activity, "Non-Deterministic"),
        (nothing_at_all, "Non-Deterministic"),
        (one_more_first, "Non-Deterministic"),
        (fails, "a field is missing"),
    ],
)
def test_a_change_that_would_break_what_runs_is_found(
    changed: Callable[..., Any], problem: str
) -> None:
    found = one_of("roll_out").problem(changed)
    assert found is not None
    assert problem in found


def test_a_rollout_that_would_end_otherwise_is_found() -> None:
    """What nobody foresaw is caught by the story itself, and looks like an end."""
    recording = one_of("roll_out")
    other = replace(recording.instance, output='{"phase": "RolledBack"}')
    found = replace(recording, instance=other).problem(BY_NAME["roll_out"], phase)
    assert found is not None
    assert "RolledBack then" in found
