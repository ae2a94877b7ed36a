"""The README's lines, typed as they stand there by somebody who has set nothing up but .venv."""

import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from local_process import free_ports
from pages import ROOT, blocks

README = [each.text for each in blocks("bash", "console") if each.page == "README.md"]
DEMO, LOCAL, ROLLOUT, TEST = README
LIMIT = timedelta(minutes=3)
SPEED_OF_MAKE_LOCAL, DEMO_TAKES = 60, timedelta(seconds=40)


def typed(block: str, port: str, state: Path) -> list[str]:
    """The command that runs the block; the port, the state and the speed are the test's own."""
    commands = "\n".join(line.removeprefix("$ ") for line in block.splitlines())
    ours = f"PORT={port} STATE={state} SPEED=600 PYTHON=false"
    make = f'make() {{ exec make -o .venv/.ready "$@" {ours}; }}\n'
    return ["bash", "-euo", "pipefail", "-c", make + commands.replace("7071", port)]


@contextmanager
def local(port: str, state: Path) -> Generator[None]:
    """`make local`, until it has said all it says."""
    with subprocess.Popen(
        typed(LOCAL, port, state), cwd=ROOT, stdout=subprocess.PIPE, text=True, process_group=0
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("make local FRESH=1"):
                break
        yield
        os.killpg(process.pid, 15)


def test_the_lines_of_the_readme_end_with_a_rollout_of_ones_own(tmp_path: Path) -> None:
    assert (DEMO, LOCAL, TEST) == ("$ make demo\n", "$ make local\n", "$ make test\n")
    port = free_ports()[1]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "cli"), "COLUMNS": "100"}
    with local(port, tmp_path / "state"):
        for _ in range(2):  # pasted twice, the second time there is nothing left to do
            done = subprocess.run(
                typed(ROLLOUT, port, tmp_path),
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            assert "Succeeded" in done.stdout
        rollouts = httpx.get(f"http://127.0.0.1:{port}/api/rollouts", trust_env=False).json()
    assert [each["phase"] for each in rollouts] == ["Succeeded", "Succeeded"]
    first = min(rollouts, key=lambda each: each["startedAt"])
    took = datetime.fromisoformat(first["finishedAt"]) - datetime.fromisoformat(first["startedAt"])
    assert took / SPEED_OF_MAKE_LOCAL + DEMO_TAKES < LIMIT
