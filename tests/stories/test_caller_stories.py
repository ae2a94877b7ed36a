"""Who did it: the name of whoever is signed in, what a role lets do, and a second person."""

import json
from typing import Any

import httpx
import pytest
from signed_in import as_, authenticated
from story import NEW, System

ROLES = {"read": ["Reader", "Starter"], "start": ["Starter"], "approve": ["Approver"]}
ANN, BOB = as_("ann@contoso.com"), as_("bob@contoso.com")


def start(system: System, headers: dict[str, str], **request: Any) -> httpx.Response:
    scale_set = system.scale_set(capacity=5)
    body = {"scaleSet": scale_set, "image": {"version": NEW}, **request}
    return system.api.post("/api/rollouts", json=body, headers=headers)


def waiting(system: System, headers: dict[str, str]) -> str:
    """A rollout that waits for an approval."""
    rollout = start(system, headers, policy={"approval": "everyBatch"}).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    return rollout


def evidence(system: System, rollout: str, kind: str) -> dict[str, Any]:
    return next(each for each in system.events(rollout) if each["kind"] == kind)["evidence"]


def test_the_log_names_who_was_signed_in_and_by_is_only_a_remark(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    authenticated(monkeypatch)
    rollout = start(system, ANN, by="the pipeline").json()["id"]
    said = {"by": "ann@contoso.com", "reason": "lunch"}
    answer = system.api.post(f"/api/rollouts/{rollout}/abort", json=said, headers=BOB)
    notice = "Abort requested by bob@contoso.com (for ann@contoso.com: lunch)"
    assert answer.json()["notice"].startswith(notice)
    view = system.finish(rollout)
    assert "Aborted by bob@contoso.com (for ann@contoso.com: lunch)" in view["message"]
    began, aborted = (evidence(system, rollout, kind) for kind in ("started", "abortRequested"))
    assert began["caller"]["name"] == "ann@contoso.com"
    assert aborted["caller"] == {
        "name": "bob@contoso.com",
        "id": "t-1/id of bob@contoso.com",
        "how": "App Service authentication (aad)",
    }
    assert aborted["by"] == "ann@contoso.com"


def test_the_log_names_who_rolled_back_what_had_ended_and_who_took_it_up(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    authenticated(monkeypatch)
    rollout = start(system, ANN).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 2)
    uri = system.managed(rollout, "terminatePostUri")
    system.api.post(uri.replace("{text}", "enough"))
    system.host.wait_idle()
    assert system.api.post(f"/api/rollouts/{rollout}/retry", headers=BOB).status_code == 202
    assert system.finish(rollout)["phase"] == "Succeeded"
    assert system.api.post(f"/api/rollouts/{rollout}/rollback", headers=ANN).status_code == 202
    assert system.finish(rollout)["phase"] == "RolledBack"
    assert evidence(system, rollout, "takenUp")["caller"]["name"] == "bob@contoso.com"
    assert evidence(system, rollout, "rollingBack")["caller"]["name"] == "ann@contoso.com"


def test_a_name_is_not_believed_while_authentication_is_off(system: System) -> None:
    rollout = start(system, ANN).json()["id"]
    answer = system.api.post(f"/api/rollouts/{rollout}/abort", headers=BOB)
    assert answer.json()["notice"].startswith("Abort requested by an operator")
    system.finish(rollout)
    assert not [each for each in system.events(rollout) if "caller" in each["evidence"]]


def test_nobody_names_a_caller_in_a_body(system: System) -> None:
    rollout = start(system, {}).json()["id"]
    body = {"caller": {"name": "ann@contoso.com"}}
    assert system.api.post(f"/api/rollouts/{rollout}/abort", json=body).status_code == 400
    assert start(system, {}, startedBy={"name": "ann"}).status_code == 400


@pytest.mark.parametrize(
    ("roles", "allowed"),
    [
        ([], ""),
        (["Reader"], "GET"),
        (["Starter"], "GET start pause abort"),
        (["Approver"], "pause approve abort"),
    ],
)
def test_reading_starting_and_approving_are_given_by_roles(
    system: System, monkeypatch: pytest.MonkeyPatch, roles: list[str], allowed: str
) -> None:
    rollout = waiting(system, {})
    authenticated(monkeypatch, ROLLOUT_ROLES=json.dumps(ROLES))
    headers = as_("ann@contoso.com", *roles)
    paths = {verb: f"/api/rollouts/{rollout}/{verb}" for verb in ("pause", "approve", "abort")}
    answers = {
        "GET": system.api.get(f"/api/rollouts/{rollout}", headers=headers),
        "start": start(system, headers),
        **{verb: system.api.post(path, headers=headers) for verb, path in paths.items()},
    }
    refused = [name for name, answer in answers.items() if answer.status_code == 403]
    assert [name for name in answers if name not in refused] == allowed.split()
    assert all("no role that lets" in answers[name].json()["detail"] for name in refused)


def test_a_caller_without_a_token_is_refused_where_one_is_needed(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    rollout = waiting(system, {})
    authenticated(monkeypatch, ROLLOUT_REQUIRE_SIGN_IN="true")
    answers = [
        system.api.get(f"/api/rollouts/{rollout}"),
        system.api.get("/api/rollouts"),
        system.api.post(
            f"/api/rollouts/{rollout}/abort", headers={"x-ms-client-principal": "e30="}
        ),
        start(system, {}),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert answers[0].json()["title"] == "Nobody is signed in"
    assert system.api.get("/api/health").status_code == 200
    assert system.api.get(f"/api/rollouts/{rollout}", headers=ANN).status_code == 200


def test_who_approves_is_not_who_started(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    authenticated(monkeypatch, ROLLOUT_SECOND_PERSON="true")
    rollout = waiting(system, ANN)
    approve = f"/api/rollouts/{rollout}/approve"
    refused = system.api.post(approve, headers=ANN)
    assert (refused.status_code, refused.json()["title"]) == (403, "Somebody else has to approve")
    assert system.api.post(approve).status_code == 401
    assert system.view(rollout)["phase"] == "AwaitingApproval"
    assert system.api.post(approve, headers=BOB).status_code == 202
    assert start(system, {}).status_code == 401, "whoever starts has to be known"


def test_who_approves_a_wave_or_a_batch_of_a_fleet_is_not_who_started_it(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    authenticated(monkeypatch, ROLLOUT_SECOND_PERSON="true")
    wave = {"name": "all", "scaleSets": system.small(1), "approval": "before"}
    body = {
        "image": {"version": NEW},
        "waves": [wave],
        "policy": {"approval": "everyBatch"},
    }
    fleet = system.api.post("/api/fleet-rollouts", json=body, headers=ANN).json()["id"]
    system.fleet_until(fleet, lambda view: view["phase"] == "AwaitingApproval")
    path = f"/api/fleet-rollouts/{fleet}"
    assert system.api.post(f"{path}/approve", headers=ANN).status_code == 403
    assert system.api.post(f"{path}/approve", headers=BOB).status_code == 202
    [row] = system.api.get(f"{path}/scale-sets").json()
    system.fleet_until(fleet, lambda view: view["counts"]["inProgress"] == 1)
    member = row["rolloutId"]
    system.until(member, lambda view: view["phase"] == "AwaitingApproval")
    approve = f"/api/rollouts/{member}/approve"
    assert system.api.post(approve, headers=ANN).status_code == 403
    assert system.api.post(approve, headers=BOB).status_code == 202
    [approved] = [
        each for each in system.api.get(f"{path}/events").json() if each["kind"] == "approved"
    ]
    assert approved["evidence"]["caller"]["name"] == "bob@contoso.com"


def test_a_setting_that_nobody_could_satisfy_is_told(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_REQUIRE_SIGN_IN", "true")
    answer = system.api.get("/api/rollouts")
    assert (answer.status_code, "WEBSITE_AUTH_ENABLED" in answer.text) == (503, True)
    assert system.api.get("/api/health").json()["errors"] == answer.json()["errors"]
