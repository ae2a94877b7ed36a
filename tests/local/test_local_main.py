import re
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from local_process import found, run
from nightly import crossed
from starlette.applications import Starlette

from local.base.server import Server
from local.greeting import stop_message

ROOT = Path(__file__).parents[2]


def command(*options: str) -> list[str]:
    return [sys.executable, "-m", "local", "--port", "0", "--arm-port", "0", *options]


@contextmanager
def running(*options: str) -> Generator[tuple[subprocess.Popen[str], str]]:
    """The process, and everything it says until it is up."""
    with run("--port", "0", "--arm-port", "0", *options) as local:
        yield local.process, local.said


def test_it_says_what_is_where_and_sigterm_ends_it(tmp_path: Path) -> None:
    with running("--state", str(tmp_path)) as (local, said):
        api = found(r"API +(http://127\.0\.0\.1:\d+/api)$", said)
        page = found(r"The page +(http://127\.0\.0\.1:\d+/) ", said)
        azure = found(r"Simulated Azure +(http://127\.0\.0\.1:\d+/) ", said)
        example = found(r"Example +(/subscriptions/.+/virtualMachineScaleSets/web)$", said)
        assert httpx.get(f"{api}/rollouts", trust_env=False).json() == []
        there = httpx.get(f"{azure}_sim/scale-sets", trust_env=False).json()
        assert example in [one["id"] for one in there]
        for address, title in ((page, "VMSS Rollout"), (azure, "Simulated Azure")):
            shown = httpx.get(address, trust_env=False, follow_redirects=True)
            assert f"<title>{title}</title>" in shown.text
        assert said.index(page) < said.index(azure) < said.index("curl")
        local.send_signal(signal.SIGTERM)
        assert local.wait(timeout=30) == 0


NOTHING = "Stopped. Started again, everything is as it was left.\n"
GOES_ON = (
    "Stopped. 1 rollout goes on ({}) at the next start: start it again as you did "
    "(with the same PORT and STATE, if you gave any).\n"
)


@pytest.mark.parametrize(("number", "rollouts"), crossed([signal.SIGINT, signal.SIGTERM], range(2)))
def test_it_says_at_its_end_what_goes_on(tmp_path: Path, number: int, rollouts: int) -> None:
    with running("--state", str(tmp_path), "--speed", "1") as (local, said):
        start = re.findall(r"^  (curl .*)$", said, re.MULTILINE)[1]
        for _ in range(rollouts):
            pasted(start)
        local.send_signal(number)
        assert local.wait(timeout=30) == 0
        assert local.stderr is not None
        assert local.stderr.read() == [NOTHING, GOES_ON][rollouts].format(
            found(r'"id": "(try-[^"]+)"', start)
        )


def test_several_rollouts_go_on_and_not_all_are_named() -> None:
    assert stop_message(["a", "b"]).startswith("Stopped. 2 rollouts go on (a, b) at the next start")
    assert "7 rollouts go on (a, b, c, d, e and 2 more)" in stop_message(list("abcdefg"))


def test_its_commands_can_be_pasted_as_they_are(tmp_path: Path) -> None:
    with running("--state", str(tmp_path)) as (_, said):
        commands = re.findall(r"^  (curl .*)$", said, re.MULTILINE)
        plan, start, watch, abort, publish, fleets = commands
        rollout_id = found(r'"id": "([^"]+)"', start)
        assert '"worstCaseDown": 4' in pasted(plan)
        assert f'"id": "{rollout_id}"' in pasted(start)
        assert f'"id": "{rollout_id}"' in pasted(watch)
        assert f'"id": "{rollout_id}"' in pasted(abort)
        assert "/galleries/golden/images/web/versions/1." in pasted(publish)
        assert pasted(fleets).startswith("[")


def pasted(line: str) -> str:
    return subprocess.run(["bash", "-c", line], check=True, capture_output=True, text=True).stdout


def test_an_empty_azure_says_how_to_fill_it(tmp_path: Path) -> None:
    with running("--state", str(tmp_path), "--empty") as (_, said):
        assert "none: the simulated Azure has none" in said
        made = pasted(found(r"^  (curl .*)$", said))
        assert "/virtualMachineScaleSets/web" in made


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--speed", "0"], "'0' is not a speed"),
        (["--speed", "fast"], "'fast' is not a speed"),
        (["--port", "70000"], "'70000' is not a port"),
        (["--state", __file__], f"{__file__} is not a directory"),
        (["--dashboard"], "unrecognized arguments: --dashboard"),
    ],
)
def test_a_bad_argument_is_one_sentence_and_exit_code_2(options: list[str], told: str) -> None:
    local = subprocess.run(
        command(*options), cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert local.returncode == 2
    assert told in local.stderr
    assert local.stderr.count("\n") == 1


@pytest.mark.parametrize("option", ["--port", "--arm-port"])
def test_a_port_that_is_taken_is_one_sentence_and_exit_code_2(tmp_path: Path, option: str) -> None:
    with Server(Starlette()) as taken:
        local = subprocess.run(
            command("--state", str(tmp_path), option, str(taken.port)),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert local.returncode == 2
    assert local.stderr == (
        f"The local system cannot start: port {taken.port} on 127.0.0.1 is taken: "
        "stop what uses it, or choose another.\n"
    )


def test_a_state_directory_in_use_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    with running("--state", str(tmp_path)):
        second = subprocess.run(
            command("--state", str(tmp_path)),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert second.returncode == 2
    assert f"the state directory {tmp_path} is in use" in second.stderr
    assert second.stderr.count("\n") == 1
