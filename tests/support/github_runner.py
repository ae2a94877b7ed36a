"""Plays a composite action as GitHub's runner does: its `run` steps in order, with inputs, the
environment, files for outputs and summaries, and workflow commands.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pipeline_run import ROOT, Machine, Result, filled

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
_EXPRESSION = r"\$\{\{(.*?)\}\}"
_COMMAND = re.compile(r"\s*::(\w+)(?: [^:]*)?::(.*)")


def play(
    machine: Machine, inputs: Mapping[str, str], *, api: str = "", pull_request: int = 0
) -> Result:
    """Run the action with these inputs; what it did."""
    unknown = set(inputs) - set(ACTION["inputs"])
    assert not unknown, f"GitHub warns of unexpected inputs: {unknown}"
    given = {name: str(of.get("default", "")) for name, of in ACTION["inputs"].items()}
    context = {f"inputs.{name}": value for name, value in {**given, **inputs}.items()}
    context["github.token"] = "gh-token"
    # A default may be an expression, what somebody gives is none.
    context = {
        name: _value(value, context) if name.partition(".")[2] not in inputs else value
        for name, value in context.items()
    }
    result, env = Result(), _environment(machine, api, pull_request)
    for step in ACTION["runs"]["steps"]:
        if result.code == 0:
            _step(machine, step, context, env, result)
    for name, of in ACTION["outputs"].items():
        if value := _value(of["value"], context):
            result.outputs[name] = value
    return result


def _step(
    machine: Machine,
    step: dict[str, Any],
    context: dict[str, str],
    env: dict[str, str],
    result: Result,
) -> None:
    output, summary = (Path(env[f"GITHUB_{name}"]) for name in ("OUTPUT", "STEP_SUMMARY"))
    output.write_text("")
    summary.write_text("")
    own = {name: _value(value, context) for name, value in step.get("env", {}).items()}
    result.code, lines = machine.bash(_value(step["run"], context), {**env, **own})
    result.log += lines
    for command, said in (found.groups() for line in lines if (found := _COMMAND.match(line))):
        text = said.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
        {"error": result.errors, "warning": result.warnings}[command].append(text)
    for line in output.read_text().splitlines():
        name, _, value = line.partition("=")
        assert re.fullmatch(r"[\w-]+", name), line
        context[f"steps.{step['id']}.outputs.{name}"] = value
    if written := summary.read_text():
        result.summaries.append(written)


def _value(text: str, context: Mapping[str, str]) -> str:
    def meaning(expression: str) -> str:
        if expression.startswith("steps."):
            return context.get(expression, "")
        return context[expression]

    return filled(text, _EXPRESSION, meaning)


def _environment(machine: Machine, api: str, pull_request: int) -> dict[str, str]:
    temp = machine.folder / "temp"
    event = temp / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": pull_request}} if pull_request else {}))
    return {
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_ACTOR": "ann",
        "GITHUB_API_URL": api,
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_OUTPUT": str(temp / "output"),
        "GITHUB_REPOSITORY": "contoso/web",
        "GITHUB_RUN_ATTEMPT": "2",
        "GITHUB_RUN_ID": "4711",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_STEP_SUMMARY": str(temp / "summary"),
        "GITHUB_WORKSPACE": str(machine.work),
        "RUNNER_TEMP": str(temp),
    }
