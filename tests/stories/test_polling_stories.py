"""Looking again and again: what has not changed is not sent again, and no event is missed."""

import pytest
from story import NEW, System

from triggers.web.answers import SECURITY

APPROVED = {"approval": "start"}


@pytest.mark.parametrize("tail", ["", "/instances", "/events", "/status", "/management"])
def test_what_has_not_changed_is_not_sent_again(system: System, tail: str) -> None:
    rollout_id = system.run(system.scale_set(capacity=2))["id"]
    path = f"/api/rollouts/{rollout_id}{tail}"
    first = system.api.get(path)
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    again = system.api.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert system.api.get(path, headers={"If-None-Match": f'"other", {tag[2:]}'}).status_code == 304
    other = system.api.get(path, headers={"If-None-Match": 'W/"other"'})
    assert (other.status_code, other.json()) == (200, first.json())


def test_what_has_changed_is_sent_with_another_tag(system: System) -> None:
    rollout_id = system.start(system.scale_set(capacity=2), policy=APPROVED).json()["id"]
    system.until(rollout_id, lambda view: view["phase"] == "AwaitingApproval")
    path = f"/api/rollouts/{rollout_id}"
    before = system.api.get(path)
    assert before.headers["retry-after"] == "5"
    tag = {"If-None-Match": before.headers["etag"]}
    waiting = system.api.get(path, headers=tag)
    assert (waiting.status_code, waiting.headers["retry-after"]) == (304, "5")
    system.api.post(f"{path}/abort")
    system.finish(rollout_id)
    after = system.api.get(path, headers=tag)
    assert (after.status_code, after.json()["phase"]) == (200, "Aborted")
    assert after.headers["etag"] != before.headers["etag"]


@pytest.mark.parametrize(
    "path", ["rollouts", "fleet-rollouts", "followed-images", "scale-sets", "health"]
)
def test_every_list_has_a_tag(system: System, path: str) -> None:
    system.scale_set(capacity=2)
    first = system.api.get(f"/api/{path}")
    tag = {"If-None-Match": first.headers["etag"]}
    assert system.api.get(f"/api/{path}", headers=tag).status_code == 304


def test_a_browser_keeps_nothing_by_itself(system: System) -> None:
    rollout_id = system.run(system.scale_set(capacity=2))["id"]
    path = f"/api/rollouts/{rollout_id}"
    first = system.api.get(path)
    again = system.api.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    for answer in (first, again):
        assert answer.headers["cache-control"] == SECURITY["Cache-Control"] == "no-store"


def test_only_what_can_be_looked_at_again_has_a_tag(system: System) -> None:
    assert "etag" not in system.api.get("/api/rollouts/unknown").headers
    plan = {"scaleSet": system.scale_set(capacity=2), "image": {"version": NEW}}
    answer = system.api.post("/api/rollouts/plan", json=plan, headers={"If-None-Match": "*"})
    assert (answer.status_code, "etag" in answer.headers) == (200, False)
