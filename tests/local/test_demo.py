import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from background import as_background_job

from local.demo.summary import batch_durations, failure
from local.demo.truth import Truth
from rollout.base import Event, EventKind, Phase
from rollout.run import RolloutView

type Seen = Callable[..., RolloutView]

ROOT = Path(__file__).parents[2]
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def run(tmp_path: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "local.demo", *options],
        cwd=ROOT,
        env={
            **os.environ,
            "TMPDIR": str(tmp_path),
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(ROOT / "cli"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )


def test_the_demo_rolls_all_instances_and_leaves_nothing(tmp_path: Path) -> None:
    demo = run(tmp_path, "--speed", "600")
    text, _ = demo.communicate(timeout=60)
    assert demo.returncode == 0, text
    assert "\x1b" not in text
    assert "✓ Succeeded  100 %" in text
    assert len(re.findall(r"^Batch \d of 5: update domain \d  ", text, re.MULTILINE)) == 5
    assert re.search(r"on the new image +20 of 20", text)
    assert re.search(r"down at once +at most 4, at most 4 in one update domain", text)
    assert re.search(r"violations +none", text)
    assert re.search(r"ARM requests +\d+", text)
    assert "nothing is left running" in text
    assert list(tmp_path.iterdir()) == []


def test_an_alert_that_fires_in_a_later_batch_takes_it_back(tmp_path: Path) -> None:
    demo = run(tmp_path, "--speed", "150", "--instances", "6", "--domains", "3", "--alert")
    text, _ = demo.communicate(timeout=60)
    assert demo.returncode == 1, text
    assert "Gate alerts has failed: 1 alert fired: checkout errors (Sev1)" in " ".join(text.split())
    assert re.search(r"on the new image +0 of 6", text)
    assert "The demo failed: the rollout ended as RolledBack." in text


def test_a_rehearsed_failure_ends_with_its_message_and_exit_code_1(tmp_path: Path) -> None:
    demo = run(
        tmp_path, "--speed", "600", "--instances", "6", "--domains", "3", "--fault", "badImage"
    )
    text, _ = demo.communicate(timeout=60)
    assert demo.returncode == 1, text
    assert "on the target image but unhealthy" in text
    assert re.search(r"on the new image +0 of 6", text)
    assert "The demo failed: the rollout ended as RolledBack." in text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_demo_ends_cleanly(tmp_path: Path, number: int) -> None:
    with as_background_job():
        started = run(tmp_path, "--speed", "10")
    with started as demo:
        assert demo.stdout is not None
        assert next(line for line in demo.stdout if line.startswith("Progressing"))
        demo.send_signal(number)
        rest = demo.stdout.read()
    assert demo.returncode == 130
    assert "Interrupted: everything is stopped" in rest
    assert "Traceback" not in rest
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "options", [["--instances", "0"], ["--domains", "21"], ["--speed", "nan"], ["--fault", "x"]]
)
def test_an_option_out_of_range_is_exit_code_2(tmp_path: Path, options: list[str]) -> None:
    demo = run(tmp_path, *options)
    text, _ = demo.communicate(timeout=60)
    assert demo.returncode == 2
    assert text.startswith(f"python -m local.demo: argument {options[0]}: ")
    assert text.count("\n") == 1


TRUTH = Truth(
    total=4,
    on_target=4,
    healthy=4,
    peak_down=1,
    peak_down_in_one_domain=1,
    violations=[],
    requests=9,
)


def test_a_success_that_the_truth_does_not_bear_out_is_a_failure(seen: Seen) -> None:
    view = seen(Phase.SUCCEEDED, "Done.", ["dddd"])
    assert failure(view, TRUTH) is None
    for untrue in (
        replace(TRUTH, on_target=3),
        replace(TRUTH, healthy=3),
        replace(TRUTH, violations=["two update domains down at once"]),
    ):
        assert failure(view, untrue)


def test_a_batch_lasts_from_its_start_to_its_finish() -> None:
    def event(kind: EventKind, minute: int) -> Event:
        at = BEGAN + timedelta(minutes=minute)
        return Event(at=at, kind=kind, message="Batch 1 of 2", evidence={"number": 1})

    told = [
        event(EventKind.STARTED, 0),
        event(EventKind.BATCH_STARTED, 1),
        event(EventKind.BATCH_FINISHED, 4),
    ]
    assert batch_durations(told) == [("Batch 1 of 2", timedelta(minutes=3))]
