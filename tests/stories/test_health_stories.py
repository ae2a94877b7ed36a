"""What the app says of itself, and that a start is refused with the same sentences."""

import tomllib
from pathlib import Path

import pytest
from story import NEW, System

from rollout.base import ORCHESTRATION_VERSION

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_an_app_that_is_set_up_is_healthy_and_says_its_version(system: System) -> None:
    answer = system.api.get("/api/health")
    version = tomllib.loads(PROJECT.read_text())["project"]["version"]
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "healthy",
        "version": version,
        "orchestrators": ORCHESTRATION_VERSION,
        "errors": [],
        "rollouts": [],
        "repairs": [],
        "news": [],
    }
    assert system.requests() == []


def test_every_wrong_setting_is_told_at_once_with_how_to_set_it(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_ENVIRONMENT", "AzureGermanCloud")
    monkeypatch.setenv("ARM_ENDPOINT", "http://management.azure.com")
    answer = system.api.get("/api/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "wrongSettings")
    told = {one["path"]: one["message"] for one in answer.json()["errors"]}
    assert "set it to AzureCloud, AzureUSGovernment" in told.pop("AZURE_ENVIRONMENT")
    assert "set it to an https URL" in told.pop("ARM_ENDPOINT")
    assert told == {}


@pytest.mark.parametrize("path", ["rollouts", "rollouts/plan"])
def test_a_start_and_a_plan_are_refused_with_the_same_sentences(
    system: System, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    body = {"scaleSet": system.scale_set(capacity=2), "image": {"version": NEW}}
    monkeypatch.setenv("AZURE_ENVIRONMENT", "AzureGermanCloud")
    monkeypatch.setenv("AZURE_SUBSCRIPTION_ID", "../x")
    errors = system.api.get("/api/health").json()["errors"]
    answer = system.api.post(f"/api/{path}", json=body)
    assert (answer.status_code, answer.json()["errors"]) == (503, errors)
    assert all(error["message"] in answer.json()["detail"] for error in errors)
    assert system.requests() == []


def test_the_list_of_scale_sets_is_refused_likewise(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_ENVIRONMENT", "AzureGermanCloud")
    assert system.api.get("/api/scale-sets").status_code == 503


def test_an_app_in_azure_without_an_identity_is_told_how_to_get_one(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBSITE_SITE_NAME", "rollout")
    monkeypatch.delenv("ROLLOUT_OUTBOUND", raising=False)  # a local host's: its own loopback
    monkeypatch.delenv("IDENTITY_ENDPOINT")
    [error] = system.api.get("/api/health").json()["errors"]
    assert "az functionapp identity assign" in error["message"]
