"""Bicep files as values, by their syntax trees: not every machine has a compiler (`make bicep`)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import tree_sitter_bicep
from tree_sitter import Language, Node, Parser

INFRA = Path(__file__).parents[2] / "infra"
FILES = sorted(INFRA.rglob("*.bicep"))

_KINDS = {
    "parameter_declaration": "param",
    "variable_declaration": "var",
    "resource_declaration": "resource",
    "module_declaration": "module",
    "output_declaration": "output",
}


@dataclass(frozen=True)
class Declaration:
    """One declaration. `of` is a resource's type, a module's path, a parameter's or output's type;
    `value` what follows: a default, an expression, or the body, without `if` and `for`.
    """

    kind: str
    name: str
    of: str
    value: Node | None
    existing: bool = False
    decorators: Mapping[str, Node] = field(default_factory=dict[str, Node])

    @property
    def body(self) -> dict[str, Node]:
        assert self.value
        return properties(self.value)


@dataclass(frozen=True)
class Template:
    """A Bicep file."""

    path: Path
    root: Node
    scope: str
    declarations: tuple[Declaration, ...]

    def all(self, kind: str) -> dict[str, Declaration]:
        return {one.name: one for one in self.declarations if one.kind == kind}

    @property
    def names(self) -> set[str]:
        """What expressions may refer to."""
        return {one.name for one in self.declarations if one.kind != "output"}


@cache
def template(path: Path) -> Template:
    root = Parser(Language(tree_sitter_bicep.language())).parse(path.read_bytes()).root_node
    scope, found, decorators = "resourceGroup", list[Declaration](), dict[str, Node]()
    for node in root.named_children:
        match node.type:
            case "target_scope_assignment":
                scope = literal(node.named_children[-1]) or ""
            case "decorators":
                decorators = {text(_function(one)): _call(one) for one in node.named_children}
            case kind if kind in _KINDS:
                found.append(_declaration(node, decorators))
                decorators = {}
            case _:
                assert node.type.endswith("comment"), f"{path}: {node.type} is new here"
    return Template(path, root, scope, tuple(found))


def _call(decorator: Node) -> Node:
    return decorator.named_children[0]


def _function(decorator: Node) -> Node:
    return _call(decorator).named_children[0]


def _declaration(node: Node, decorators: Mapping[str, Node]) -> Declaration:
    kind, (name, *rest) = _KINDS[node.type], node.named_children
    of = "" if kind == "var" else literal(rest[0]) or text(rest.pop(0))
    if kind in {"resource", "module"}:
        rest.pop(0)
    existing = any(child.type == "existing" for child in node.children)
    value = unwrapped(rest[-1]) if rest else None
    return Declaration(kind, text(name), of, value, existing, decorators)


def unwrapped(node: Node) -> Node:
    """What is in a `for` or an `if`."""
    while node.type in {"for_statement", "if_statement"}:
        node = node.named_children[-1]
    return node


def text(node: Node) -> str:
    return (node.text or b"").decode()


def literal(node: Node) -> str | None:
    """The text of a string without interpolation; None for anything else."""
    if node.type != "string" or any(one.type == "interpolation" for one in node.named_children):
        return None
    return "".join(text(one).removeprefix("\\") for one in node.named_children)


def properties(node: Node) -> dict[str, Node]:
    """The properties of an object."""
    pairs = [one.named_children for one in node.named_children if one.type == "object_property"]
    return {literal(pair[0]) or text(pair[0]): pair[-1] for pair in pairs}


def items(node: Node) -> list[Node]:
    """The items of an array."""
    return [one for one in node.named_children if not one.type.endswith("comment")]


def every(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield node
    for child in node.named_children:
        yield from every(child)


def called(root: Node, function: str) -> list[str]:
    """The first arguments of all calls of that function that are plain strings."""
    calls = [one for one in every(root) if one.type == "call_expression"]
    mine = [one for one in calls if text(one.named_children[0]) == function]
    arguments = [one.named_children[1].named_children for one in mine]
    return [said for one in arguments if one and (said := literal(one[0])) is not None]


def referred(root: Node) -> set[str]:
    """The names that expressions refer to, without those that `for` or a lambda binds."""
    bound = {
        text(name)
        for loop in every(root)
        if loop.type == "for_statement"
        for name in loop.children_by_field_name("initializer")
    }
    bound |= set(re.findall(r"(\w+) =>", text(root)))
    names = [one for one in every(root) if one.type == "identifier" and _is_used(one)]
    # By the text: the grammar takes `[f().id]` for an array of two.
    source, start = root.text or b"", root.start_byte
    called_ones = {one for one in names if source[one.end_byte - start :].startswith(b"(")}
    return {text(one) for one in names if one not in called_ones} - bound


def _is_used(name: Node) -> bool:
    parent = name.parent
    if parent is None or parent.type.endswith("_declaration"):
        return bool(parent and parent.named_children[0] != name)
    return not (parent.type == "object_property" and parent.named_children[0] == name)
