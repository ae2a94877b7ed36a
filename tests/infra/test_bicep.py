"""The Bicep files hold together, also where no compiler is at hand (`make bicep`): two parsers read
them, and what a compiler would say of names, parameters, outputs, scopes and properties is looked
for here.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from azure_types import types
from bicep import (
    FILES,
    INFRA,
    Declaration,
    Template,
    called,
    every,
    items,
    properties,
    referred,
    template,
    text,
)
from pycep import BicepParser
from tree_sitter import Node

OUTPUT_OF = re.compile(r"\b(\w+)!?\.outputs\.(\w+)")
TEMPLATES = [template(path) for path in FILES]
by_file = pytest.mark.parametrize(
    "bicep", TEMPLATES, ids=[str(one.path.relative_to(INFRA)) for one in TEMPLATES]
)


def resources(bicep: Template) -> list[Declaration]:
    return [one for one in bicep.all("resource").values() if not one.existing]


def module(bicep: Template, one: Declaration) -> Template:
    return template(bicep.path.parent / one.of)


def paths(root: Node) -> Iterator[list[str]]:
    """`a.b.c` in expressions, as lists; the longest ones."""
    for one in every(root):
        longest = one.parent is None or one.parent.type != "member_expression"
        if one.type == "member_expression" and longest:
            yield text(one).replace("!", "").split(".")


def test_there_are_bicep_files() -> None:
    assert INFRA / "main.bicep" in FILES


@by_file
def test_both_parsers_read_it(bicep: Template) -> None:
    assert not bicep.root.has_error
    read = BicepParser().parse(text=bicep.path.read_text())
    assert set(read.get("resources", {})) == set(bicep.all("resource"))
    assert set(read.get("modules", {})) == set(bicep.all("module"))


@by_file
def test_nothing_is_declared_twice_and_no_name_is_unknown(bicep: Template) -> None:
    names = Counter(one.name for one in bicep.declarations if one.kind != "output")
    assert [name for name, times in names.items() if times > 1] == []
    assert referred(bicep.root) - bicep.names == set()


@by_file
def test_nothing_is_declared_that_nobody_uses(bicep: Template) -> None:
    assert {*bicep.all("param"), *bicep.all("var")} - referred(bicep.root) == set()


@by_file
def test_every_parameter_and_output_says_what_it_is(bicep: Template) -> None:
    declared = [*bicep.all("param").values(), *bicep.all("output").values()]
    said = [one.decorators.get("description") for one in declared]
    silent = [
        one.name
        for one, call in zip(declared, said, strict=True)
        if call is None or not called(call, "description")[0].strip()
    ]
    assert silent == []


@by_file
def test_a_default_is_one_of_the_allowed_values(bicep: Template) -> None:
    for one in bicep.all("param").values():
        if one.value and "allowed" in one.decorators:
            (allowed,) = one.decorators["allowed"].named_children[1].named_children
            assert text(one.value) in {text(value) for value in items(allowed)}, one.name


@by_file
def test_modules_get_the_parameters_they_take(bicep: Template) -> None:
    for one in bicep.all("module").values():
        takes = module(bicep, one).all("param")
        needed = {name for name, parameter in takes.items() if parameter.value is None}
        given = set(properties(one.body["params"]))
        assert (given - set(takes), needed - given) == (set(), set()), one.name


@by_file
def test_modules_are_deployed_to_the_scope_they_are_for(bicep: Template) -> None:
    """A resource group (the symbol `group`, or resourceGroup(…)) or a subscription."""
    for one in bicep.all("module").values():
        to = text(one.body["scope"]) if "scope" in one.body else f"{bicep.scope}()"
        to = "resourceGroup" if to == "group" else to.partition("(")[0]
        assert to == module(bicep, one).scope, one.name


@by_file
def test_the_outputs_that_are_used_exist(bicep: Template) -> None:
    modules = bicep.all("module")
    for name, output in OUTPUT_OF.findall(text(bicep.root)):
        assert output in module(bicep, modules[name]).all("output"), f"{name}.outputs.{output}"


@by_file
def test_azure_takes_its_resources(bicep: Template) -> None:
    flaws = [flaw for one in resources(bicep) for flaw in types().flaws(one)]
    assert flaws == []
    assert [one.name for one in resources(bicep) if not may_be_here(bicep, one)] == []


def may_be_here(bicep: Template, one: Declaration) -> bool:
    return types().may_be_at(one, bicep.scope)


@by_file
def test_the_properties_of_resources_that_are_used_exist(bicep: Template) -> None:
    known = bicep.all("resource")
    used = [path for path in paths(bicep.root) if path[0] in known]
    unknown = [path for path in used if not types().knows(known[path[0]], path[1:])]
    assert unknown == []


@by_file
def test_the_files_it_loads_exist(bicep: Template) -> None:
    loaded = [
        *called(bicep.root, "loadTextContent"),
        *called(bicep.root, "loadJsonContent"),
        *[one.of for one in bicep.all("module").values()],
    ]
    assert [one for one in loaded if not (bicep.path.parent / one).is_file()] == []


def test_every_file_is_used() -> None:
    """By another file, by a hook, or by azd (main)."""
    used = {
        (bicep.path.parent / one.of).resolve()
        for bicep in TEMPLATES
        for one in bicep.all("module").values()
    }
    hooks = "".join(hook.read_text() for hook in (INFRA / "hooks").glob("*.sh"))
    left = set(FILES) - used - {INFRA / "main.bicep"}
    assert [str(one) for one in left if f"/{one.name}" not in hooks] == []


def test_every_query_is_used() -> None:
    loaded = {
        (bicep.path.parent / one).resolve()
        for bicep in TEMPLATES
        for one in called(bicep.root, "loadTextContent")
    }
    assert loaded == set((INFRA / "queries").glob("*.kql"))


@pytest.mark.parametrize("file", sorted(INFRA.rglob("*.json")), ids=lambda file: file.name)
def test_json_files_are_json(file: Path) -> None:
    assert json.loads(file.read_text()) is not None


@by_file
def test_a_security_rule_that_is_not_kept_has_a_reason(bicep: Template) -> None:
    """Checkov itself takes a rule without one (`make infra` runs it)."""
    skipped = re.findall(r"checkov:skip=(\S*?):? *(.*)", bicep.path.read_text())
    assert [rule for rule, reason in skipped if len(reason.split()) < 4] == []


def test_all_storage_is_without_keys_and_nothing_is_public() -> None:
    (account,) = resources(template(INFRA / "modules/storage.bicep"))[:1]
    said = {name: text(one) for name, one in properties(account.body["properties"]).items()}
    assert said["allowSharedKeyAccess"] == said["allowBlobPublicAccess"] == "false"
    assert said["supportsHttpsTrafficOnly"] == "true"
    assert said["minimumTlsVersion"] == "'TLS1_2'"
