"""Names are the field's standard terms, each means one thing, and packages name their API."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEPLOYED = (
    "rollout", "orchestrators", "activities", "compute", "durable", "monitor", "outbound",
    "settings", "triggers",
)  # fmt: skip
BANNED = {
    "one": "the noun: instance, member, line",
    "told": "message",
    "hands": "activities",
    "ears": "events",
    "telling": "run",
    "doors": "routes",
    "door": "route",
    "fence": "scope guard, scope policy",
    "shell": "adapter, bindings",
    "skin": "http",
    "hub": "durable",
    "journal": "recorder",
    "holder": "lock",
    "saying": "doing",
    "staying": "waiting for operator",
    "sick": "unhealthy",
    "well": "healthy",
    "patient": "wait for regions",
    "relapse": "post-bake check",
    "relapsed": "post-bake failure",
    "heed": "conclude if requested",
}
"""Words that need explaining, and what to say instead. A name that is one of them, or begins or
ends with one, is banned; `one_form` and the like are English.
"""
PACKAGES = {
    "rollout.base", "rollout.inventory", "rollout.plan", "rollout.batch", "rollout.run",
    "rollout.fleet", "rollout.follow", "orchestrators.engine", "orchestrators.rollout",
    "orchestrators.fleet", "orchestrators.gates", "durable", "settings", "compute.images",
    "triggers.web",
}  # fmt: skip
"""The packages whose `__init__` is all that others may import."""


def _files(*packages: str) -> list[Path]:
    return [file for package in packages for file in sorted((ROOT / package).rglob("*.py"))]


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _module(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _package(module: str) -> str | None:
    """The package with an API of its own that the module belongs to: the innermost."""
    within = [name for name in PACKAGES if f"{module}.".startswith(f"{name}.")]
    return max(within, key=len, default=None)


def _bound(tree: ast.Module) -> Iterator[str]:
    """Every name that is given to something: classes, functions, parameters, variables, fields."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield name
            case ast.AsyncFunctionDef(name=name) | ast.arg(arg=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case _:
                pass


def _words(name: str) -> list[str]:
    spaced = "".join(f" {letter}" if letter.isupper() else letter for letter in name)
    return spaced.replace("_", " ").lower().split()


def _banned(name: str) -> str | None:
    words = _words(name)
    if name.lower().strip("_") == "one" or words[:1] == words == ["one"]:
        return "one"
    own = {"hub"} if "task" in words else set[str]()  # a task hub is Durable's own
    others = [word for word in words if word in BANNED and word not in {"one", *own}]
    return others[0] if others else None


def _public(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield name
            case ast.AsyncFunctionDef(name=name) | ast.TypeAlias(name=ast.Name(id=name)):
                yield name
            case ast.Assign(targets=targets):
                named = (part for target in targets for part in ast.walk(target))
                yield from (part.id for part in named if isinstance(part, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case _:
                pass


@pytest.mark.parametrize("package", [*DEPLOYED, "local", "acceptance", "cli", "pipelines"])
def test_no_name_needs_explaining(package: str) -> None:
    found = {
        f"{file.relative_to(ROOT)}: {name}": BANNED[word]
        for file in _files(package)
        for name in {*_bound(_tree(file)), file.stem}
        if (word := _banned(name))
    }
    assert found == {}, "say instead"


@pytest.mark.parametrize("name", ["one", "_told", "tell_the_hands", "FencePolicy", "hub"])
def test_a_banned_word_is_found_wherever_it_stands_in_a_name(name: str) -> None:
    assert _banned(name)


@pytest.mark.parametrize(
    "name", ["one_form", "shellfish", "welcome", "toldyou", "task_hub", "Instance"]
)
def test_a_name_that_only_looks_like_it_is_none(name: str) -> None:
    assert _banned(name) is None


def test_no_two_public_names_of_the_deployed_packages_are_equal() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for file in _files(*DEPLOYED):
        for name in set(_public(_tree(file))):
            if not name.startswith("_"):
                places[name].append(_module(file))
    assert {name: modules for name, modules in places.items() if len(modules) > 1} == {}


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_a_package_says_what_it_is_and_names_its_api(package: str) -> None:
    tree = _tree(ROOT / package.replace(".", "/") / "__init__.py")
    text = ast.get_docstring(tree)
    assert text is not None
    assert len(text.split()) > 5
    assert any("__all__" in _public(ast.Module([node], [])) for node in tree.body)


def test_from_outside_a_package_only_its_api_is_imported() -> None:
    wrong = [
        f"{file.relative_to(ROOT)} imports {node.module}"
        for file in [*_files(*DEPLOYED, "local"), ROOT / "function_app.py"]
        for node in ast.walk(_tree(file))
        if isinstance(node, ast.ImportFrom) and node.module
        if (package := _package(node.module)) and _package(_module(file)) != package
        if node.module != package
    ]
    assert wrong == []
