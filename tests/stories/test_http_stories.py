"""Requests to the HTTP routes: too large, of any kind, and with bad intentions."""

import json
import logging
from typing import Any

import httpx
import pytest
from story import NEW, System

from triggers.web.answers import SECURITY
from triggers.web.bodies import LARGEST_BODY

HOSTILE = {
    "climbing": "%2e%2e",
    "climbing in code": "%2e%2e%2fx",
    "a slash in code": "x%2fy",
    "a slash in code twice": "x%252fy",
    "a backslash": "x%5cy",
    "a query": "x%3fop=delete",
    "a fragment": "x%23y",
    "a line break": "x%0d%0aSet-Cookie:%20a=b",
    "a zero": "x%00y",
    "an entity": "@rollout_index@all",
    "wide letters": "%ef%bd%97%ef%bd%85%ef%bd%82!",
    "a right-to-left mark": "x%e2%80%aey",
    "a broken letter": "x%ff",
    "too long": "x" * 300,
}
IN_PATHS = {name: text for name, text in HOSTILE.items() if name not in {"climbing", "a zero"}}
"""Without what the host sees to: it follows dots, and refuses a zero, before the app is asked."""
hostile = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
hostile_in_a_path = pytest.mark.parametrize("text", IN_PATHS.values(), ids=IN_PATHS.keys())


def is_a_problem(answer: httpx.Response, status: int) -> bool:
    kind = answer.headers["content-type"]
    return answer.status_code == status and kind.startswith("application/problem+json")


@hostile_in_a_path
@pytest.mark.parametrize("tail", ["", "/instances", "/events"])
def test_an_id_that_can_be_no_rollouts_is_not_looked_up(
    system: System, text: str, tail: str
) -> None:
    answer = system.api.get(f"/api/rollouts/{text}{tail}")
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers
    assert system.api.post(f"/api/rollouts/{text}/abort").status_code == 404


@hostile_in_a_path
def test_a_name_that_can_be_no_scale_sets_never_reaches_azure(system: System, text: str) -> None:
    for path in (f"scale-sets/demo/{text}", f"scale-sets/{text}/web"):
        assert system.api.get(f"/api/{path}").status_code == 404
    assert system.requests() == []


@hostile
def test_a_filter_that_can_be_none_never_reaches_azure(system: System, text: str) -> None:
    for name in ("subscription", "resourceGroup"):
        assert is_a_problem(system.api.get(f"/api/scale-sets?{name}={text}"), 400)
    assert system.requests() == []


@hostile
def test_an_id_that_can_be_none_is_refused(system: System, text: str) -> None:
    scale_set = system.scale_set(capacity=2)
    body = {"scaleSet": scale_set, "image": {"version": NEW}, "id": text}
    assert is_a_problem(system.api.post("/api/rollouts", json=body), 400)
    body = {"scaleSet": f"{scale_set}/{text}", "image": {"version": NEW}}
    assert is_a_problem(system.api.post("/api/rollouts", json=body), 400)
    assert system.requests() == []


@pytest.mark.parametrize("path", ["rollouts", "rollouts/plan", "rollouts/any/abort"])
def test_a_body_that_is_too_large_is_refused(system: System, path: str) -> None:
    body = b"{}".ljust(LARGEST_BODY + 1)
    assert is_a_problem(system.api.post(f"/api/{path}", content=body), 413)
    at_most = system.api.post(f"/api/{path}", content=body[:-1])
    assert at_most.status_code in {400, 404}


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"top": ' + b"9" * 5_000 + b"}",
        b'{"by": "\\ud800"}',
        b'{"policy": {"deadline": NaN}}',
    ],
    ids=["lists", "objects", "a long number", "half a letter", "no number"],
)
def test_a_body_that_is_made_to_hurt_is_refused(system: System, body: bytes) -> None:
    assert is_a_problem(system.api.post("/api/rollouts", content=body), 400)


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "text/plain", "application/x-www-form-urlencoded"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_is_taken_whatever_it_is_called(system: System, kind: str, encoding: str) -> None:
    body = json.dumps({"scaleSet": system.scale_set(capacity=2), "image": {"version": NEW}})
    answer = system.api.post(
        "/api/rollouts/plan", content=body.encode(encoding), headers={"Content-Type": kind}
    )
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("top", ["9" * 5_000, "٣", "-1", "1e3"])
def test_a_number_that_is_none_is_refused(system: System, top: str) -> None:
    assert is_a_problem(system.api.get("/api/rollouts", params={"top": top}), 400)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "health"),
        ("GET", "openapi.json"),
        ("GET", "rollouts"),
        ("GET", "rollouts/unknown"),
        ("POST", "rollouts"),
        ("GET", "scale-sets?subscription=!"),
    ],
)
def test_every_answer_has_the_headers_that_keep_it_safe(
    system: System, method: str, path: str
) -> None:
    answer = system.api.request(method, f"/api/{path}")
    assert {name: answer.headers.get(name) for name in SECURITY} == dict(SECURITY)


def test_an_unexpected_error_is_answered_without_its_text(
    system: System, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(_: Any) -> None:
        raise RuntimeError("the secret is swordfish")

    monkeypatch.setattr("triggers.rollouts.list_rollouts", fail)
    answer = system.api.get("/api/rollouts")
    assert is_a_problem(answer, 500)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "swordfish" not in answer.text
    [record] = [one for one in caplog.records if one.name == "rollout.http"]
    assert record.exc_info is not None
    assert record.getMessage().rstrip(")").rpartition(" ")[2] in answer.json()["detail"]


def test_no_secret_is_told_or_logged(system: System, caplog: pytest.LogCaptureFixture) -> None:
    """A function key in the header or the address, and what signs the address of an operation."""
    caplog.set_level(logging.DEBUG)
    scale_set = system.scale_set(capacity=2)
    body = {"scaleSet": scale_set, "image": {"version": NEW}}
    key = {"x-functions-key": "S3CRET"}
    started = system.api.post("/api/rollouts?code=S3CRET", json=body, headers=key).json()["id"]
    system.finish(started)
    ours = [one.getMessage() for one in caplog.records if not one.name.startswith("http")]
    told = [system.view(started), system.events(started), *ours]
    instances = f"/runtime/webhooks/durabletask/instances/{started}"
    status = system.api.get(f"{instances}?showHistory=true").json()["customStatus"]
    assert any("operations/" in str(one) for one in told)
    assert not [one for one in [*told, status] if "S3CRET" in str(one) or "?p=" in str(one)]
