"""Imports point one way, and from one package into another only by what its `__init__` names."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAY_IMPORT = {
    "function_app": {
        "triggers", "orchestrators", "activities", "compute", "durable", "settings",
    },
    "triggers": {"triggers", "durable", "rollout"},
    "orchestrators": {"orchestrators", "rollout"},
    "activities": {"activities", "compute", "durable", "settings", "rollout"},
    "compute": {"compute", "settings", "rollout"},
    "durable": {"durable", "rollout"},
    "settings": {"settings", "rollout"},
    "rollout": {"rollout"},
    "acceptance": {"acceptance"},
    "cli": {"vmss_rollout"},
    "pipelines": {"pipelines"},
}  # fmt: skip
"""What of ours each deployed module or package may import, itself included."""
OURS = {*MAY_IMPORT, "acceptance", "vmss_rollout", "pipelines", "local", "tests", "benchmarks"}
PYDANTIC = {
    "pydantic", "pydantic_core", "annotated_types", "typing_extensions", "typing_inspection",
}  # fmt: skip

IMPORT_THE_CORE = """
import importlib, pkgutil, sys
before = set(sys.modules)
import rollout
for module in pkgutil.walk_packages(rollout.__path__, "rollout."):
    importlib.import_module(module.name)
"""
IMPORT_THE_APP = """
import sys
before = set(sys.modules)
import function_app
"""
PRINT_WHAT_CAME = "print(*sorted(set(sys.modules) - before))"


def _sources(name: str) -> list[Path]:
    module = ROOT / f"{name}.py"
    return [module] if module.is_file() else sorted((ROOT / name).rglob("*.py"))


def _imported(name: str) -> Iterator[tuple[str, str]]:
    """Every import statement below that name: where it is, and the package it names."""
    for source in _sources(name):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            for module in _modules(node):
                yield f"{source.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}", module


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []


def _package(module: str) -> str:
    return module.partition(".")[0]


def _modules_that_come_with(script: str) -> set[str]:
    """What a fresh interpreter has imported after the script, beyond what it began with."""
    result = subprocess.run(
        [sys.executable, "-c", script + PRINT_WHAT_CAME],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return set(result.stdout.split())


@pytest.mark.parametrize(("name", "allowed"), MAY_IMPORT.items(), ids=MAY_IMPORT.keys())
def test_of_ours_it_imports_only_what_the_house_allows(name: str, allowed: set[str]) -> None:
    assert _sources(name), f"{name} is not where the design says it is"
    wrong = [
        f"{place} imports {module}"
        for place, module in _imported(name)
        if _package(module) in OURS - allowed
    ]
    assert wrong == []


@pytest.mark.parametrize("name", MAY_IMPORT)
def test_no_import_is_relative(name: str) -> None:
    assert [place for place, module in _imported(name) if not module] == []


def test_the_core_imports_only_the_standard_library_and_pydantic() -> None:
    allowed = {*sys.stdlib_module_names, "rollout", "pydantic"}
    wrong = [
        f"{place} imports {module}"
        for place, module in _imported("rollout")
        if _package(module) not in allowed
    ]
    assert wrong == []


def test_the_core_pulls_in_nothing_but_the_standard_library_and_pydantic() -> None:
    came = {_package(module) for module in _modules_that_come_with(IMPORT_THE_CORE)}
    third_party = {
        one for one in came - sys.stdlib_module_names if not one.startswith("_sysconfig")
    }
    assert third_party == {"rollout", *PYDANTIC}


def test_the_core_has_no_clock_no_io_and_no_environment() -> None:
    effects = {"os", "io", "pathlib", "socket", "time", "random", "subprocess", "threading", "uuid"}
    wrong = [
        f"{place} imports {module}"
        for place, module in _imported("rollout")
        if _package(module) in effects
    ]
    assert wrong == []


def test_the_app_starts_without_the_azure_sdk() -> None:
    """It costs 0.7 s of cold start, and only activities need it."""
    came = _modules_that_come_with(IMPORT_THE_APP)
    assert "function_app" in came
    assert [one for one in sorted(came) if one.startswith(("azure.mgmt", "azure.identity"))] == []


def test_the_app_starts_without_what_sends_telemetry() -> None:
    """The Functions worker brings that, if a setting says so; we know the API only."""
    came = _modules_that_come_with(IMPORT_THE_APP)
    senders = ("azure.monitor", "opentelemetry.sdk", "opentelemetry.instrumentation")
    assert [one for one in sorted(came) if one.startswith(senders)] == []


def test_the_app_starts_without_what_is_not_deployed() -> None:
    came = {_package(module) for module in _modules_that_come_with(IMPORT_THE_APP)}
    assert came & {"vmss_rollout", "local", "tests", "benchmarks"} == set()
