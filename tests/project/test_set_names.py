"""Tests of a folder share a system: two that name a scale set alike meet on a busy machine."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
SHARING = sorted({file.parent for file in TESTS.glob("*/conftest.py")})
_GROUP = "demo"


@pytest.mark.parametrize("folder", SHARING, ids=lambda folder: folder.name)
def test_no_two_tests_name_a_scale_set_alike(folder: Path) -> None:
    named = Counter(name for file in folder.glob("test_*.py") for name in _named(file))
    assert [name for name, count in named.items() if count > 1] == []


def _named(file: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _makes_a_scale_set(node):
            said = {each.arg: each.value for each in node.keywords}
            group = said.get("resourceGroup", ast.Constant(_GROUP))
            if isinstance(name := said.get("name"), ast.Constant):
                yield str(name.value), ast.unparse(group)


def _makes_a_scale_set(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr == "scale_set"
