"""Plays the template of steps as Azure Pipelines does: expressions when it is compiled, variables
when it runs, and logging commands. A task other than bash is what it would run.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pipeline_run import ROOT, Machine, Result, filled

FILE = ROOT / "pipelines" / "azure-pipelines.yml"
TEMPLATE: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
_EXPRESSION = r"\$\{\{(.*?)\}\}"
_MACRO = r"\$\(([\w.-]+)\)"
_COMMAND = re.compile(r"##vso\[([\w.]+) ?([^\]]*)\](.*)")
_KINDS = {"string": str, "boolean": bool}

type Step = dict[str, Any]


def compiled(parameters: Mapping[str, Any]) -> list[Step]:
    """The steps of the template with these parameters."""
    declared = {of["name"]: of for of in TEMPLATE["parameters"]}
    unknown = set(parameters) - set(declared)
    assert not unknown, f"unexpected parameters: {unknown}"
    values = {name: of["default"] for name, of in declared.items() if "default" in of}
    values |= parameters
    assert not set(declared) - set(values), "a parameter without a default must be given"
    for name, value in values.items():
        assert isinstance(value, _KINDS[declared[name]["type"]]), name
        assert value in declared[name].get("values", [value]), name
    context = {f"parameters.{name}": str(value) for name, value in values.items()}
    return [_expanded(step, context) for step in _chosen(TEMPLATE["steps"], context)]


def play(
    machine: Machine,
    parameters: Mapping[str, Any],
    *,
    variables: Mapping[str, str] | None = None,
    cancelled: bool = False,
) -> Result:
    """Run the template; what it did. `cancelled`: as if somebody had ended it in its last step."""
    result = Result()
    known = {**_predefined(machine), **(variables or {})}
    for step in compiled(parameters):
        after = step.get("condition") == "canceled()"
        if after == (cancelled and result.code != 0) and (after or result.code == 0):
            _step(machine, step, known, result)
    return result


def _chosen(steps: list[Any], context: Mapping[str, str]) -> Iterator[Step]:
    """The steps without the conditions they stand under."""
    before = False
    for step in steps:
        ((key, inner), *_) = step.items()
        if not key.startswith("${{"):
            yield step
        elif key == "${{ else }}":
            yield from [] if before else inner
        else:
            found = re.fullmatch(r"\$\{\{ if eq\(([\w.]+), '(\w*)'\) \}\}", key)
            assert found, key
            before = context[found[1]] == found[2]
            yield from inner if before else []


def _expanded(value: Any, context: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _expanded(each, context) for name, each in value.items()}  # pyright: ignore[reportUnknownVariableType]
    return filled(value, _EXPRESSION, context.__getitem__) if isinstance(value, str) else value


def _step(machine: Machine, step: Step, known: dict[str, str], result: Result) -> None:
    if "checkout" in step:
        place = machine.folder / step["path"]
        place.unlink(missing_ok=True)
        place.symlink_to(ROOT)
        return
    script = step.get("bash") or step["inputs"]["inlineScript"]
    signed_in = {"AZURE_CONFIG_DIR": str(machine.folder / "azure")} if "task" in step else {}
    secret = {"System.AccessToken", "ROLLOUT_KEY"}
    env = {
        name.upper().replace(".", "_"): value for name, value in known.items() if name not in secret
    }
    own = {name: _run_time(value, known) for name, value in step.get("env", {}).items()}
    code, lines = machine.bash(_run_time(script, known), {**env, **signed_in, **own})
    result.code = result.code or code
    result.log += lines
    for line in lines:
        if found := _COMMAND.search(line):
            _obey(found[1], found[2], found[3], step, known, result)


def _obey(
    command: str, about: str, text: str, step: Step, known: dict[str, str], result: Result
) -> None:
    said = text.replace("%0A", "\n").replace("%0D", "\r").replace("%AZP25", "%")
    properties = dict(part.split("=") for part in about.split(";") if part)
    match command:
        case "task.logissue":
            {"error": result.errors, "warning": result.warnings}[properties["type"]].append(said)
        case "task.uploadsummary":
            result.summaries.append(Path(text).read_text(encoding="utf-8"))
        case "task.setvariable":
            assert properties["isOutput"] == "true"
            result.outputs[properties["variable"]] = said
            known[f"{step['name']}.{properties['variable']}"] = said
        case _:
            raise AssertionError(f"Azure Pipelines does not know {command}")


def _run_time(text: Any, known: Mapping[str, str]) -> str:
    """A variable that is not set stays as it is written."""
    return filled(str(text), _MACRO, lambda name: known.get(name, f"$({name})"))


def _predefined(machine: Machine) -> dict[str, str]:
    return {
        "TF_BUILD": "True",
        "Agent.TempDirectory": str(machine.folder / "temp"),
        "Pipeline.Workspace": str(machine.folder),
        "Build.BuildId": "815",
        "Build.Repository.Id": "repo-1",
        "Build.Repository.Provider": "TfsGit",
        "Build.RequestedForEmail": "ann@contoso.com",
        "Build.SourcesDirectory": str(machine.work),
        "System.AccessToken": "azure-token",
        "System.JobAttempt": "1",
        "System.TeamProject": "Web Shop",
        "System.TeamProjectId": "project-1",
    }
