"""An app that may roll in some places only: whatever door it is asked by, and in the middle."""

import pytest
from following import follower, publish, settle, told, versions
from story import NEW, PLATFORM, System

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
OTHER = f"{SUBSCRIPTION}/resourceGroups/other"
DEMO = f"{SUBSCRIPTION}/resourceGroups/demo"


@pytest.fixture
def guarded(system: System, monkeypatch: pytest.MonkeyPatch) -> System:
    """The app may roll in a group in which there is nothing."""
    monkeypatch.setenv("ROLLOUT_SCOPES", OTHER)
    return system


@pytest.mark.parametrize("path", ["rollouts", "rollouts/plan"])
def test_a_scale_set_outside_is_refused_and_not_even_read(guarded: System, path: str) -> None:
    scale_set = guarded.scale_set(capacity=2)
    for spelling in (scale_set, scale_set.replace("resourceGroups/demo", "RESOURCEGROUPS/DEMO")):
        body = {"scaleSet": spelling, "image": {"version": NEW}}
        answer = guarded.api.post(f"/api/{path}", json=body)
        assert answer.status_code == 403, answer.text
        assert "ROLLOUT_SCOPES" in answer.json()["detail"]
    assert guarded.requests() == []


@pytest.mark.parametrize(
    "path",
    [
        "",
        "?resourceGroup=demo",
        "?subscription=s-9",
        "/demo/web",
        "/demo/web?subscription=s-9",
        "/demo/web/images",
        "/demo/web/rights",
    ],
)
def test_a_look_outside_is_refused(guarded: System, path: str) -> None:
    answer = guarded.api.get(f"/api/scale-sets{path}")
    assert answer.status_code == 403
    assert "ROLLOUT_SCOPES" in answer.json()["detail"]
    assert guarded.requests() == []


def test_within_everything_works_as_without(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_SCOPES", f"{OTHER}, {DEMO.upper().replace('SUB', 'sub', 1)}")
    scale_set = system.scale_set(capacity=3)
    assert system.run(scale_set, policy={"allowFullOutage": True})["phase"] == "Succeeded"
    assert system.api.get("/api/scale-sets?resourceGroup=demo").status_code == 200


def test_an_image_of_another_group_is_only_read(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (
        system.publish(resourceGroup="images", gallery="golden", image="web", version=version)
        for version in ("1.0.6", "1.0.7")
    )
    monkeypatch.setenv("ROLLOUT_SCOPES", DEMO)
    scale_set = system.scale_set(capacity=2, image={"id": first})
    plan = system.plan(scale_set, image={"id": second})
    assert plan["image"]["to"]["id"] == second


def test_a_rollout_that_runs_when_the_scopes_become_narrower_stops(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    scale_set = system.scale_set(capacity=10, image={**PLATFORM, "version": "14.04.201506100"})
    started = system.start(scale_set).json()["id"]
    system.until(started, lambda view: view["counts"]["done"] > 0)
    monkeypatch.setenv("ROLLOUT_SCOPES", OTHER)
    system.azure.delete("/_sim/requests")
    view = system.finish(started)
    assert view["phase"] == "Failed"
    assert "ROLLOUT_SCOPES" in view["message"]
    assert system.requests(path=scale_set) == []


def test_scopes_that_are_none_are_told(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLOUT_SCOPES", "everything")
    [error] = system.api.get("/api/health").json()["errors"]
    assert error["path"] == "ROLLOUT_SCOPES"
    assert system.start(system.scale_set(capacity=2)).status_code == 503


@pytest.mark.parametrize("told", [None, "", " , "])
def test_a_deployed_app_that_was_told_of_no_scope_rolls_nowhere(
    system: System, monkeypatch: pytest.MonkeyPatch, told: str | None
) -> None:
    monkeypatch.setenv("WEBSITE_SITE_NAME", "rollout")
    monkeypatch.delenv("ROLLOUT_OUTBOUND", raising=False)  # a local host's: its own loopback
    monkeypatch.delenv("ROLLOUT_SCOPES", raising=False)
    if told is not None:
        monkeypatch.setenv("ROLLOUT_SCOPES", told)
    scale_set = system.scale_set(capacity=3)
    answer = system.start(scale_set)
    assert answer.status_code == 403, answer.text
    assert "ROLLOUT_SCOPES is empty" in answer.json()["detail"]
    assert system.api.get("/api/health").status_code == 200
    assert system.requests() == []
    monkeypatch.setenv("ROLLOUT_SCOPES", "everywhere")
    assert system.run(scale_set)["phase"] == "Succeeded"


def test_scopes_that_are_emptied_while_a_rollout_runs_stop_it(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBSITE_SITE_NAME", "rollout")
    monkeypatch.delenv("ROLLOUT_OUTBOUND", raising=False)  # a local host's: its own loopback
    monkeypatch.setenv("ROLLOUT_SCOPES", DEMO)
    scale_set = system.scale_set(capacity=10, image={**PLATFORM, "version": "14.04.201506100"})
    started = system.start(scale_set).json()["id"]
    system.until(started, lambda view: view["counts"]["done"] > 0)
    monkeypatch.setenv("ROLLOUT_SCOPES", "")
    system.azure.delete("/_sim/requests")
    view = system.finish(started)
    assert view["phase"] == "Failed"
    assert "ROLLOUT_SCOPES is empty" in view["message"]
    assert system.requests(path=scale_set) == []


@pytest.mark.parametrize("path", ["fleet-rollouts", "fleet-rollouts/plan"])
def test_a_fleet_rollout_outside_is_refused_and_not_even_read(guarded: System, path: str) -> None:
    waves = [{"name": "all", "scaleSets": guarded.small(1)}]
    body = {"image": {"version": NEW}, "waves": waves}
    answer = guarded.api.post(f"/api/{path}", json=body)
    assert answer.status_code == 403, answer.text
    assert "ROLLOUT_SCOPES" in answer.json()["detail"]
    assert guarded.requests() == []


def test_a_fleet_rollout_within_a_group_works_as_without(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_SCOPES", DEMO)
    system.start_fleet([{"name": "all", "scaleSets": system.small(1)}], id="fenced-1")
    assert system.finish_fleet("fenced-1")["phase"] == "Succeeded"


def test_who_follows_is_looked_for_only_within(
    system: System, image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, outside = follower(system, image), follower(system, image, group="elsewhere")
    monkeypatch.setenv("ROLLOUT_SCOPES", f"{OTHER},{DEMO}")
    publish(system, image, "1.0.1")
    settle(system)
    assert versions(system, inside, outside) == ["1.0.1", "1.0.0"], told(system, image)
