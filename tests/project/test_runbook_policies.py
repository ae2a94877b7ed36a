"""The policies that the runbook advises do what it says: each moves a fleet of its kind."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pages import blocks
from story import NEW, PLATFORM, System

from local import system as local
from local.base.clock import ManualClock
from rollout.plan import Policy

POLICIES = [json.loads(one.text) for one in blocks("json") if one.page == "docs/runbook.md"]
FLEETS: dict[str, dict[str, Any]] = {
    "small": {"capacity": 2},
    "zonal": {"capacity": 6, "zones": ["1", "2", "3"]},
    "large": {"capacity": 60},
    "stateful": {"capacity": 3},
}


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    clock = ManualClock()
    with (
        local.System(clock, tmp_path_factory.mktemp("state")) as one,
        httpx.Client(base_url=one.host.url, timeout=60) as api,
        httpx.Client(base_url=one.arm_url, timeout=60) as azure,
    ):
        running = System(api, azure, clock, one.host)
        running.publish(**PLATFORM, version=NEW)
        yield running


def test_there_is_a_policy_for_each_kind_of_fleet() -> None:
    assert len(POLICIES) == len(FLEETS)
    for policy in POLICIES:
        Policy.from_json(policy)


@pytest.mark.parametrize(
    ("policy", "fleet"), list(zip(POLICIES, FLEETS.values(), strict=True)), ids=list(FLEETS)
)
def test_it_moves_a_fleet(system: System, policy: dict[str, Any], fleet: dict[str, Any]) -> None:
    scale_set = system.scale_set(**fleet)
    rollout_id = system.start(scale_set, policy=policy).json()["id"]
    if "approval" in policy:
        system.until(rollout_id, lambda view: view["phase"] == "AwaitingApproval")
        system.api.post(f"/api/rollouts/{rollout_id}/approve")
    assert system.finish(rollout_id)["phase"] == "Succeeded"
    truth = system.truth(scale_set)
    assert truth["violations"] == []
    assert all(one["image"].endswith(NEW) for one in truth["instances"])
