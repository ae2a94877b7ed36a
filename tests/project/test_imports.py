"""Imports point one way, and from one package into another only by what its `__init__` names."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from activities import (
    AZURE_ACTIVITIES,
    DURABLE_ACTIVITIES,
    ENTITIES,
    GATE_ACTIVITIES,
    HOOK_ACTIVITIES,
)
from activities.azure import AZURE
from activities.durable import DURABLE
from activities.gates import GATES
from activities.hooks import HOOKS
from function_app import handlers
from orchestrators import ORCHESTRATORS, orchestrator
from rollout.run import INDEX_ENTITY, LOG_ENTITY, RECORD_ENTITY
from triggers.calls import CALLS

ROOT = Path(__file__).parents[2]
MAY_IMPORT = {
    "function_app": {
        "triggers", "orchestrators", "activities", "compute", "durable", "monitor", "outbound",
        "settings",
    },
    "triggers": {"triggers", "durable", "rollout"},
    "orchestrators": {"orchestrators", "rollout"},
    "activities": {
        "activities", "compute", "durable", "monitor", "outbound", "settings", "rollout",
    },
    "monitor": {"monitor", "compute", "settings", "rollout"},
    "outbound": {"outbound", "settings", "rollout"},
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
IMPORT_AN_EMPTY_APP = """
import sys
import azure.durable_functions, azure.functions
"""
IMPORT_THE_APP = """
import sys
before = set(sys.modules)
import function_app
"""
LATE = {
    "function_app.py": "what answers the triggers",
    "activities/__init__.py": "the activities and the entities",
    "activities/calendars.py": "what reads iCalendar files",
    "compute/client.py": "Azure's SDK: 0.7 s",
    "compute/scale_sets.py": "the models of Azure's SDK",
    "monitor/client.py": "Azure Monitor's SDKs",
    "compute/topics.py": "Event Grid's client",
    "settings/cloud.py": "the SDK's endpoints of the clouds",
}
"""Where something is imported that a start can do without, and what."""
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


def _imports_inside(tree: ast.Module) -> Iterator[ast.AST]:
    """The import statements in functions."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            inside = ast.walk(function)
            yield from (node for node in inside if isinstance(node, ast.Import | ast.ImportFrom))


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


def test_the_core_imports_only_the_standard_library_pydantic_and_jmespath() -> None:
    allowed = {*sys.stdlib_module_names, "rollout", "pydantic", "jmespath"}
    wrong = [
        f"{place} imports {module}"
        for place, module in _imported("rollout")
        if _package(module) not in allowed
    ]
    assert wrong == []


def test_the_core_pulls_in_nothing_but_these() -> None:
    came = {_package(module) for module in _modules_that_come_with(IMPORT_THE_CORE)}
    third_party = {
        one for one in came - sys.stdlib_module_names if not one.startswith("_sysconfig")
    }
    assert third_party == {"rollout", "jmespath", *PYDANTIC}


def test_the_core_has_no_clock_no_io_and_no_environment() -> None:
    effects = {"os", "io", "pathlib", "socket", "time", "random", "subprocess", "threading", "uuid"}
    wrong = [
        f"{place} imports {module}"
        for place, module in _imported("rollout")
        if _package(module) in effects
    ]
    assert wrong == []


def test_the_app_starts_with_what_an_empty_one_starts_with_and_its_tables() -> None:
    """Azure's SDK, pydantic, what sends telemetry and what answers calls come when they are used:
    docs/performance.md says what they would cost at the start of every instance.
    """
    came = _modules_that_come_with(IMPORT_AN_EMPTY_APP + IMPORT_THE_APP)
    ours = {module for module in came if _package(module) not in sys.stdlib_module_names}
    assert ours == {
        "function_app",
        "activities",
        "orchestrators",
        "orchestrators.quick_replay",
        "triggers",
        "triggers.calls",
    }


def test_what_functions_is_told_at_the_start_is_what_there_is() -> None:
    assert set(handlers().http) == set(CALLS)
    assert set(AZURE_ACTIVITIES) == set(AZURE)
    assert set(DURABLE_ACTIVITIES) == set(DURABLE)
    assert set(GATE_ACTIVITIES) == set(GATES)
    assert set(HOOK_ACTIVITIES) == set(HOOKS)
    assert {name: orchestrator(name).__name__ for name in ORCHESTRATORS} == {
        name: name for name in ORCHESTRATORS
    }
    assert [entity.__name__ for entity in ENTITIES] == [RECORD_ENTITY, LOG_ENTITY, INDEX_ENTITY]


def test_only_these_import_where_they_use() -> None:
    """Elsewhere an import that does not stand at the top hides a circle, or is a habit."""
    late = {
        file.relative_to(ROOT).as_posix()
        for name in MAY_IMPORT
        if name not in {"acceptance", "cli"}
        for file in _sources(name)
        if any(_imports_inside(ast.parse(file.read_text(encoding="utf-8"))))
    }
    assert late == set(LATE)


def test_the_app_starts_without_what_is_not_deployed() -> None:
    came = {_package(module) for module in _modules_that_come_with(IMPORT_THE_APP)}
    assert came & {"vmss_rollout", "local", "tests", "benchmarks"} == set()
