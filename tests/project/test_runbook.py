"""The runbook knows every failure: a text of the app that it lacks is a message without advice."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENTRIES = [page for page in (ROOT / "docs").glob("*.md") if page.stem in {"runbook", "fleets"}]
"""Where an entry may stand: what is said of fleets, on their own page."""
RUNBOOK = " ".join("\n".join(page.read_text() for page in ENTRIES).replace("`", "").split())
PACKAGES = (
    "rollout", "orchestrators", "activities", "compute", "durable", "monitor", "outbound",
    "settings", "triggers",
)  # fmt: skip
CONTRACT = ROOT / "triggers/openapi"
CONFIRMED = {ROOT / f"rollout/{part}/consequences.py" for part in ("run", "fleet")}
"""What somebody reads before saying a verb: docs/operations.md says what each one does."""
DESCRIBING = {
    "Field", "VerbRule", "_preset", "cast", "compile", "create_counter", "create_histogram",
    "limit",
}  # fmt: skip
"""Calls whose texts no operator sees as a message: the API reference has them, or nobody."""
WORDS = 3
"""A text of fewer words is a part of another one, or a name."""
DISTINCTIVE = 6
"""So many words of a text are looked for."""

NO_FAILURE = {
    # What passes.
    "or graver has fired since",
    "set automatic repairs to",
    "does not want that, or not",
    # A rule of the page's policy.
    "style-src 'self'; img-src 'self'; connect-src 'self'",
    # What is waited for as a gate is; why, other messages say.
    "The canary has failed",
    "The canary must stay healthy for",
    "The canary was healthy for",
    "approval after the canary",
    "approval of each batch",
    "approval of the start",
    "bake of the canary",
    "between two batches",
    "pause between batches",
    # What news say: to a channel, or of who may approve.
    "A batch is done",
    "A test of where news go",
    "A window or freeze was overruled",
    # What the log of the line says.
    "The line was",
    "nobody said why",
    "Automatic repairs are still suspended",
    "Decide on the page",
    "Open on the page",
    "but not who started it",
    "whoever has the role",
    "whoever may call the app",
    "Sending it again",
    "somebody asked for a stop",
    # What is done about hooks.
    "Putting back the instances of batch",
    "Putting back what hooks have drained",
    "Instances are back",
    "instance(s) of batch",
    "which answers later",
    "with private addresses",
    "Waiting until Azure has suspended automatic",
    "Automatic instance repairs run while it",
    "The fleet rollout has begun",
    "Nothing is forgotten: %s",
    "The couriers of %s could not",
    "The courier %s could not be",
    "Purged %s instance(s) of rollout %s",
    "Rollout %s stands still: %s",
    "default-src 'none'; frame-ancestors 'none'",
    # What a plan says of its first batch.
    "The first batch may begin now",
    "The first batch waits",
    # What a rollout or a batch is doing.
    "Looking again in",
    "reading the instances in",
    "because a list of them has",
    "Waiting to begin",
    "Inspecting the scale set",
    "Waiting until Azure has finished what",
    "The rollout has begun",
    "Setting the scale set's image to",
    "checking the scale set's health",
    "Azure accepted the upgrade of",
    "Azure accepted to put",
    "waiting to be healthy",
    "nothing left to upgrade",
    "nothing left to put back",
    "before the next batch",
    "Verifying every instance",
    "Verifying every instance: waiting",
    "Verifying every instance: reading them in",
    "Resuming automatic instance repairs",
    "Reading what it leaves",
    "Every instance was verified",
    "Everything was rolled back",
    "Rolling back wave",
    "Suspending automatic instance repairs",
    "Automatic instance repairs are running again",
    # What an operator said, and when it takes effect.
    "by an operator",
    "what is under way finishes, nothing",
    "it begins when the batch has",
    "it takes effect before the next",
    # Why there are no versions to choose from.
    "A managed image has no versions",
    "A VHD has no versions: give",
    "The model names no image: a",
    "until you roll back: that is",
    # Parts of sentences.
    "the scale set",
    "The scale set's image",
    "Azure Resource Manager",
    "Nothing was changed",
    # Said by code to code: a test would have to break it first.
    "the list of rollouts has no",
    "a rollout's record has no operation",
    "a rollout's log has no operation",
}


def said(tree: ast.AST) -> Iterator[str]:
    """Every text in it, of an f-string its longest constant part; docstrings are none."""
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            silent |= {id(value) for value in node.values}
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in DESCRIBING:
            silent |= {id(inner) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) not in silent and (parts := _constants(node)):
            yield max(parts, key=len)


def _constants(node: ast.AST) -> list[str]:
    values = node.values if isinstance(node, ast.JoinedStr) else [node]
    return [
        value.value
        for value in values
        if isinstance(value, ast.Constant) and isinstance(value.value, str)
    ]


def fragment(text: str) -> str | None:
    """What of a text must be found again; None for what is no sentence."""
    words = text.replace("`", "").strip(" .,:;()^").split()
    if len([word for word in words if re.search(r"[a-z]{2}", word)]) < WORDS:
        return None
    return " ".join(words[:DISTINCTIVE]).rstrip(" .,:;()")


def fragments(source: str) -> set[str]:
    return {found for text in said(ast.parse(source)) if (found := fragment(text))}


def sources() -> list[Path]:
    found = [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]
    return [file for file in found if CONTRACT not in file.parents and file not in CONFIRMED]


def everything_said() -> set[str]:
    return {one for file in sources() for one in fragments(file.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("file", sources(), ids=lambda file: str(file.relative_to(ROOT)))
def test_every_failure_has_an_entry(file: Path) -> None:
    missing = [
        one
        for one in sorted(fragments(file.read_text(encoding="utf-8")) - NO_FAILURE)
        if one not in RUNBOOK
    ]
    assert not missing, "give them an entry in docs/runbook.md, or name them in NO_FAILURE"


def test_every_title_of_a_problem_has_an_entry() -> None:
    """Also the short ones."""
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in sources()]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    titles = [
        word.value.value
        for call in calls
        for word in call.keywords
        if word.arg == "title" and isinstance(word.value, ast.Constant)
    ]
    assert len(titles) > 5
    assert not [title for title in titles if f"| {title} (" not in RUNBOOK]


def test_nothing_is_excused_that_nobody_says() -> None:
    assert not NO_FAILURE - everything_said()


def test_a_new_message_would_be_found() -> None:
    """The rule itself: what makes it see a text, and what it leaves out."""
    source = '''
def judge(one: str) -> str:
    """Says nothing itself."""
    if one:
        return f"{one} was eaten by a very large bear"
    raise ValueError("cannot be" " eaten at all: try again")
'''
    assert fragments(source) == {"was eaten by a very large", "cannot be eaten at all: try"}
