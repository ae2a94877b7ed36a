"""The size of things. Docstrings do not count."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
DEPLOYED = [
    "function_app.py", "rollout", "orchestrators", "activities", "compute", "durable", "monitor",
    "outbound", "settings",
    "triggers",
]  # fmt: skip
PARTS = {
    "the deployed packages": DEPLOYED,
    "the local system": ["local"],
    "the acceptance suite": ["acceptance"],
    "the command": ["cli"],
    "the steps of pipelines": ["pipelines"],
}
EVERYTHING = [*DEPLOYED, "local", "acceptance", "cli", "pipelines", "tests", "benchmarks"]

LINES_OF_A_FILE = 300
LINES_OF_A_FUNCTION = 50
MEDIAN_LINES_OF_A_FUNCTION = 8

type Function = ast.FunctionDef | ast.AsyncFunctionDef


def _files(names: list[str]) -> list[Path]:
    """The Python files of these modules and folders; a folder may not be there yet."""
    found = [ROOT / name for name in names]
    return [file for path in found for file in ([path] if path.is_file() else path.rglob("*.py"))]


def _functions(names: list[str]) -> Iterator[tuple[str, int]]:
    """Every function: where it is, and how many lines it has."""
    for file in sorted(_files(names)):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{file.relative_to(ROOT)}: {node.name}", _length(node)


def _length(function: Function) -> int:
    """From `def` to the last line, without the docstring."""
    return _lines(function) - (_lines(function.body[0]) if ast.get_docstring(function) else 0)


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_is_over_300_lines() -> None:
    lengths = {
        str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines())
        for file in _files(EVERYTHING)
    }
    assert {file: count for file, count in lengths.items() if count > LINES_OF_A_FILE} == {}


def test_no_function_is_over_50_lines() -> None:
    assert [one for one in _functions(EVERYTHING) if one[1] > LINES_OF_A_FUNCTION] == []


@pytest.mark.parametrize("names", PARTS.values(), ids=PARTS.keys())
def test_half_of_the_functions_have_at_most_8_lines(names: list[str]) -> None:
    assert median(length for _, length in _functions(names)) <= MEDIAN_LINES_OF_A_FUNCTION


def test_tests_are_no_package() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_test_files_have_names_of_their_own() -> None:
    names = [file.name for file in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))
