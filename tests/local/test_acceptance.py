"""The acceptance suite on `python -m local`; and that it can say that a promise was missed."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from background import as_background_job
from nightly import some
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.base import Server

ROOT = Path(__file__).parents[2]
SEED = os.environ.get("AS_AZURE", "7")
MODES = {"as it is": list[str](), "as in Azure": ["--as-azure", SEED]}
"""How the local system runs: further arguments of `python -m local`. The first by day, both at
night: workers die there at random, and what such a death may cost (docs/reliability.md) is a miss.
"""
WEB = (
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/demo"
    "/providers/Microsoft.Compute/virtualMachineScaleSets/web"
)

type Json = dict[str, Any]


@contextmanager
def local_system(state: Path, *options: str) -> Generator[tuple[str, str]]:
    """The addresses of the app and of the simulated Azure."""
    command = [sys.executable, "-m", "local", "--port", "0", "--arm-port", "0", "--speed", "200"]
    with as_background_job():
        started = subprocess.Popen(
            [*command, "--state", str(state), *options], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
    with started as local:
        assert local.stdout is not None
        said = ""
        for line in local.stdout:
            said += line
            if line.startswith("make local FRESH=1"):
                break
        try:
            yield address("API", said), address("Simulated Azure", said)
        finally:
            local.terminate()


def address(what: str, said: str) -> str:
    match = re.search(rf"{what} +(http://127\.0\.0\.1:\d+)/", said)
    assert match, said
    return match[1]


def acceptance(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "acceptance", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def missed(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("MISSED")]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("mode", some([*MODES], 2))
def test_the_local_system_keeps_what_the_api_promises(tmp_path: Path, mode: str) -> None:
    result = tmp_path / "result.json"
    with local_system(tmp_path / "state", *MODES[mode]) as (app, arm):
        run = acceptance("--app", app, "--arm", arm, "--short", "--json", str(result))
    assert missed(run.stdout) == []
    assert run.returncode == 0, run.stdout + run.stderr
    said: Json = json.loads(result.read_text(encoding="utf-8"))
    stories = {line["story"] for line in said["lines"]}
    assert {"simultaneous starts", "taken ids", "fleets at once"} <= stories
    assert (said["missed"], said["notRun"]) == (0, 0)


def test_without_control_of_azure_it_says_what_it_did_not_run(tmp_path: Path) -> None:
    with local_system(tmp_path) as (app, _):
        only = ("--only", "plan", "bad image put back")
        given = ("--scale-set", WEB, "--image", "14.04.201507060")
        run = acceptance("--app", f"{app}/api", *given, *only)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "\nok      plan: promised a plan with a fingerprint (200) | seen 200, " in run.stdout
    assert "\nnot run bad image put back: promised " in run.stdout
    assert "seen needs a simulated Azure: give ARM" in run.stdout


def promises_everything(seen: list[Request]) -> Starlette:
    """An app that tells every start 202, and never has what it promised."""

    async def serve(request: Request) -> Response:
        seen.append(request)
        if request.method == "POST":
            return JSONResponse({"id": "x"}, 202)
        if request.url.path == "/api/rollouts":
            return JSONResponse([])
        if request.url.path.startswith("/api/scale-sets/"):
            view: Json = {"name": "web", "image": None, "imageCounts": [], "rollable": True}
            return JSONResponse({**view, "rolloutId": None})
        return JSONResponse({"title": "No such rollout"}, 404)

    return Starlette(routes=[Route("/{path:path}", serve, methods=["GET", "POST"])])


def test_a_promise_that_is_missed_is_said_and_is_exit_code_1() -> None:
    seen: list[Request] = []
    with Server(promises_everything(seen)) as server:
        given = ("--scale-set", WEB, "--image", "1")
        run = acceptance("--app", server.url, *given, "--key", "secret", "--only", "plan")
    assert run.returncode == 1
    assert len(missed(run.stdout)) == 1
    assert "1 kept, 1 missed, 0 not run" in run.stdout
    assert {request.headers["x-functions-key"] for request in seen} == {"secret"}
    assert "secret" not in run.stdout


def test_an_answer_that_is_lost_is_asked_for_again() -> None:
    failures = iter([503, 502, 500])

    async def rollouts(_request: Request) -> Response:
        status = next(failures, 200)
        return JSONResponse([], status)

    with Server(Starlette(routes=[Route("/api/rollouts", rollouts)])) as server:
        given = ("--scale-set", WEB, "--image", "1")
        run = acceptance("--app", server.url, *given, "--only", "followed image")
    assert run.returncode == 0, run.stderr
    assert "0 kept, 0 missed, 1 not run" in run.stdout
    assert next(failures, None) is None


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ([], "the following arguments are required: --app"),
        (["--app", "http://127.0.0.1:9"], "give --arm, or --scale-set and --image"),
        (["--app", "http://127.0.0.1:9", "--arm", "x", "--only", "nothing"], "invalid choice"),
    ],
)
def test_a_run_that_lacks_something_is_one_sentence_and_exit_code_2(
    options: list[str], reason: str
) -> None:
    run = acceptance(*options)
    assert run.returncode == 2
    assert reason in run.stderr
    assert run.stderr.count("\n") == 1


def test_a_key_that_does_not_fit_is_one_sentence_and_exit_code_2() -> None:
    async def refuse(_request: Request) -> Response:
        return Response(status_code=401)

    with Server(Starlette(routes=[Route("/api/rollouts", refuse)])) as server:
        run = acceptance("--app", server.url, "--arm", "http://127.0.0.1:9")
    assert run.returncode == 2
    assert run.stderr == (
        f"The run cannot begin: GET {server.url}/api/rollouts was answered 401.\n"
    )
