"""What each part of local/base, local/host and local/arm offers, and that others use no more."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCAL = ROOT / "local"
PARTS = sorted(
    f"local.{package.parent.relative_to(LOCAL).as_posix().replace('/', '.')}"
    for owner in ("base", "host/*", "arm/*")
    for package in LOCAL.glob(f"{owner}/__init__.py")
)


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts)


def imported_from(part: str) -> Iterator[tuple[str, str, str]]:
    """Imports of a part or of a module in it from outside: where, the module named, the name."""
    for file in sorted(LOCAL.rglob("*.py")):
        importer = module_of(file)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and not importer.startswith(f"{part}."):
                module = node.module or ""
                if f"{module}.".startswith(f"{part}."):
                    yield from ((importer, module, alias.name) for alias in node.names)


def test_the_parts_are_found() -> None:
    assert {"local.base", "local.host.replay", "local.arm.event_grid"} <= set(PARTS)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_says_what_it_is(part: str) -> None:
    assert importlib.import_module(part).__doc__


@pytest.mark.parametrize("part", PARTS)
def test_what_others_use_of_a_part_is_what_it_offers(part: str) -> None:
    offered = set(importlib.import_module(part).__all__)
    used = list(imported_from(part))
    assert [use for use in used if use[1] != part] == [], f"import it from {part}"
    assert {name for _, _, name in used} == offered
