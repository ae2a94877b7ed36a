"""The calls, settings and fields that the documentation names exist."""

import re
from pathlib import Path

import pytest
from pages import ROOT, pages, prose

from rollout.plan import Policy
from rollout.run import Verb
from triggers.openapi import OPERATIONS

RUNBOOK, FLEETS = Path("docs/runbook.md"), Path("docs/fleets.md")
CALL = re.compile(r"\b(GET|POST) (/api/[\w/{}*.-]*)(\?\w+=)?")


def calls() -> dict[tuple[str, str], set[str]]:
    """The calls there are, with the names of what may stand in their queries."""
    found = {
        (one.method.upper(), f"/api{one.path}"): {
            parameter["name"] for parameter in one.parameters if parameter["in"] == "query"
        }
        for one in OPERATIONS
    }
    others = ("/api/openapi.json", "/api/dashboard", "/api/dashboard/{*file}")
    return {**found, **{("GET", path): set[str]() for path in others}}


def exists(method: str, path: str, query: str) -> bool:
    """`{verb}` stands for each verb of that collection."""
    there = calls()
    if path.endswith("/{verb}"):
        return any((method, path.replace("{verb}", verb)) in there for verb in Verb)
    named = query.strip("?=")
    return (method, path) in there and (not named or named in there[method, path])


@pytest.mark.parametrize("page", pages(), ids=str)
def test_every_call_that_a_page_names_exists(page: Path) -> None:
    found = CALL.findall(prose(page))
    named = {(method, path.rstrip("/."), query) for method, path, query in found}
    assert not [call for call in sorted(named) if not exists(*call)]


def test_a_call_that_is_not_there_would_be_found() -> None:
    assert exists("POST", "/api/rollouts/{id}/rollback", "")
    assert exists("GET", "/api/scale-sets", "?resourceGroup=")
    assert not exists("GET", "/api/rollouts/{id}/rollback", "")
    assert not exists("POST", "/api/fleet-rollouts/{id}/restart", "")
    assert not exists("GET", "/api/scale-sets", "?state=")


def test_every_setting_that_the_runbook_names_exists() -> None:
    table = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    known = {*re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE), "IDENTITY_ENDPOINT"}
    text = prose(RUNBOOK) + prose(FLEETS)
    named = set(re.findall(r"\b(?:ROLLOUT|AZURE|ARM|IDENTITY)_[A-Z_]+\b", text))
    assert len(named) > 5
    assert not named - known


def test_every_field_of_a_policy_that_the_runbook_names_exists() -> None:
    schema = Policy.model_json_schema(by_alias=True)
    fields = set(schema["properties"])
    health = {f"health.{name}" for name in schema["$defs"]["HealthPolicy"]["properties"]}
    canary = {f"canary.{name}" for name in schema["$defs"]["CanaryPolicy"]["properties"]}
    named = set(re.findall(r"policy\.((?:health\.|canary\.)?\w+)", prose(RUNBOOK)))
    named |= set(re.findall(r"`(health\.\w+|canary\.\w+)`", prose(RUNBOOK)))
    assert len(named) > 5
    assert not named - fields - health - canary
