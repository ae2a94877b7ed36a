"""`make record`: plays the scenarios below on the local host, and keeps their histories.

A scenario that is recorded already is left alone: its recording stands for rollouts that were begun
with the code of that time. To add one, write it below and run `make record`.
"""

import json
import logging
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from following import follower, publish, settle, versions
from line import lift, stop
from receiver import receiving
from story import NEW, OLD, PLATFORM, System

from local import system as local
from local.base.clock import ManualClock
from local.host.engine.recorded import Recording, write

RECORDED = Path(__file__).parents[1] / "stories" / "recorded"
HEALTH = {"interval": "PT30S", "stable": "PT1M", "timeout": "PT5M"}


def _start(system: System, **policy: Any) -> str:
    """A rollout of four instances in two update domains."""
    scale_set = system.scale_set(capacity=4, updateDomains=2, automaticRepairs=True)
    started = system.start(scale_set, policy={"health": HEALTH, **policy})
    return str(started.json()["id"])


def _tell(system: System, rollout: str, verb: str) -> None:
    answer = system.api.post(f"/api/rollouts/{rollout}/{verb}", json={"by": "alice@contoso.com"})
    assert answer.status_code == 202, answer.text


def canary_approval_and_pause(system: System) -> None:
    rollout = _start(system, canary={"instances": 1, "bake": "PT2M"}, approval="canary")
    system.fault("throttle", count=2, retryAfter=30)
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    _tell(system, rollout, "approve")
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    _tell(system, rollout, "pause")
    system.until(rollout, lambda view: view["phase"] == "Paused")
    _tell(system, rollout, "resume")
    assert system.finish(rollout)["phase"] == "Succeeded"


def rolled_back_by_itself(system: System) -> None:
    system.fault("badImage", version=NEW)
    assert system.finish(_start(system))["phase"] == "RolledBack"


def retried(system: System) -> None:
    system.fault("upgradeFails", instanceIds=["0"])
    rollout = _start(system, onFailure="pause", maxUnhealthyInstances="100%")
    system.until(rollout, lambda view: view["phase"] == "Paused")
    system.azure.delete("/_sim/faults")
    _tell(system, rollout, "retry")
    assert system.finish(rollout)["phase"] == "Succeeded"


def skipped(system: System) -> None:
    system.fault("upgradeFails", instanceIds=["0"])
    rollout = _start(system, onFailure="pause", maxUnhealthyInstances="100%")
    system.until(rollout, lambda view: view["phase"] == "Paused")
    _tell(system, rollout, "skip")
    assert system.finish(rollout)["counts"]["failed"] == 0


def rolled_back_after_its_end(system: System) -> None:
    rollout = _start(system)
    assert system.finish(rollout)["phase"] == "Succeeded"
    _tell(system, rollout, "rollback")
    assert system.finish(rollout)["phase"] == "RolledBack"


def aborted(system: System) -> None:
    rollout = _start(system, pauseBetweenBatches="PT10M")
    system.until(rollout, lambda view: view["counts"]["done"] > 0)
    _tell(system, rollout, "abort")
    assert system.finish(rollout)["phase"] == "Aborted"


def cleared_out(system: System) -> None:
    system.api.post("/admin/functions/clear_out_daily", json={})
    system.host.wait_idle()


def fleet_in_two_waves(system: System) -> None:
    waves = [
        {"name": "canary", "scaleSets": system.small(2), "bakeAfter": "PT10M"},
        {"name": "prod", "scaleSets": system.small(1), "approval": "before"},
    ]
    system.start_fleet(waves, id="fleet", policy={"health": HEALTH})
    system.fleet_until("fleet", lambda view: view["counts"]["inProgress"] == 1)
    for verb in ("pause", "resume"):
        system.api.post(f"/api/fleet-rollouts/fleet/{verb}")
        system.pass_minutes(20)
    system.fleet_until("fleet", lambda view: view["phase"] == "AwaitingApproval")
    system.api.post("/api/fleet-rollouts/fleet/approve")
    assert system.finish_fleet("fleet")["phase"] == "Succeeded"
    system.api.post("/api/fleet-rollouts/fleet/rollback")
    assert system.finish_fleet("fleet")["phase"] == "RolledBack"


def followed_image(system: System) -> None:
    system.subscribe()
    scale_set = follower(system, "recorded")
    publish(system, "recorded", "1.0.1", creationDuration="PT10M")
    publish(system, "recorded", "1.0.2")
    settle(system)
    assert versions(system, scale_set) == ["1.0.2"]


def news_delivered(system: System) -> None:
    with receiving() as receiver, pytest.MonkeyPatch.context() as monkeypatch:
        hook = {"name": "ops", "kind": "webhook", "url": receiver.url}
        monkeypatch.setenv("ROLLOUT_NEWS", json.dumps({"receivers": [hook]}))
        monkeypatch.setenv("ROLLOUT_OUTBOUND", "127.0.0.0/8")
        receiver.answers = [200, 503, 503]
        assert system.finish(_start(system))["phase"] == "Succeeded"


def line_stopped(system: System) -> None:
    rollout = _start(system)
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    stop(system)
    system.until(rollout, lambda view: view["message"].startswith("Nothing begins"))
    lift(system)
    assert system.finish(rollout)["phase"] == "Succeeded"


SCENARIOS: tuple[Callable[[System], None], ...] = (
    canary_approval_and_pause,
    rolled_back_by_itself,
    retried,
    skipped,
    rolled_back_after_its_end,
    aborted,
    cleared_out,
    fleet_in_two_waves,
    followed_image,
    news_delivered,
    line_stopped,
)


def record(scenario: Callable[[System], None], state: Path) -> list[Recording]:
    """Play it in a system of its own: every orchestration that came of it."""
    clock = ManualClock()
    with (
        local.System(clock, state) as one,
        httpx.Client(base_url=one.host.url, timeout=60) as api,
        httpx.Client(base_url=one.arm_url, timeout=60) as azure,
    ):
        system = System(api, azure, clock, one.host)
        for version in (OLD, NEW):
            system.publish(**PLATFORM, version=version)
        scenario(system)
        store = one.host.store
        return [Recording(each, tuple(store.history(each.id))) for each in store.instances()]


def main() -> None:
    logging.getLogger("rollout").setLevel(logging.CRITICAL)
    for scenario in SCENARIOS:
        file = RECORDED / f"{scenario.__name__}.json"
        if file.exists():
            sys.stdout.write(f"{file.name}: kept\n")
            continue
        with tempfile.TemporaryDirectory() as state:
            recordings = record(scenario, Path(state))
        write(file, recordings)
        sys.stdout.write(f"{file.name}: {len(recordings)} orchestration(s) recorded\n")


if __name__ == "__main__":
    main()
