"""A long event log is kept in parts, and read as one; what waits for hours is one line of it."""

import itertools
import logging
from functools import partial
from pathlib import Path

import pytest
from forgetting import DURABLE, kept, let_pass
from story import NEW, OLD, PLATFORM, Json, System, playing

from local.host.app import Function
from local.host.app.app_process import AppProcess
from local.host.app.messages import Moment
from rollout.run.log import SIZE

ONE_BY_ONE = {"allowFullOutage": True, "maxBatchInstances": 1}
QUICK = {"upgradeDuration": "PT1S", "bootDuration": "PT0S"}
APPROVED = {
    "approval": "everyBatch",
    "maxBatchInstances": 1,
    "health": {"interval": "PT15S", "stable": "PT0S"},
}
BATCHES = 14
"""Each with four events of the rollout's own: they fill three parts."""


def followed_by_approving(system: System, rollout_id: str, path: str) -> list[Json]:
    """Approves each batch; returns what whoever asks for what came since has read."""
    read: dict[str, int] = {}
    lines: list[Json] = []

    def look() -> None:
        mark = ",".join(f"{part}:{last}" for part, last in read.items())
        for line in system.api.get(path, params={"after": mark} if mark else {}).json():
            lines.append(line)
            read[line["part"]] = max(read.get(line["part"], 0), line["number"])

    for _ in range(BATCHES):
        system.until(rollout_id, lambda view: view["phase"] == "AwaitingApproval")
        look()
        system.api.post(f"/api/rollouts/{rollout_id}/approve")
        system.until(rollout_id, lambda view: view["phase"] != "AwaitingApproval")
    system.finish(rollout_id)
    look()
    return lines


def test_whoever_follows_a_log_of_several_parts_reads_each_event_once(
    world: System, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "rollout.events")
    scale_set = world.scale_set(capacity=BATCHES, **QUICK)
    rollout_id = world.start(scale_set, policy=APPROVED, id="long").json()["id"]
    path = f"/api/rollouts/{rollout_id}/events"
    lines = followed_by_approving(world, rollout_id, path)
    log = world.events(rollout_id)
    assert {line["part"] for line in log} == {"0", "1", "2"}
    assert sorted(lines, key=str) == sorted(log, key=str)
    own = [line["position"][0] for line in log if len(line["position"]) == 1]
    assert own == list(range(1, len(own) + 1))
    assert [line["at"] for line in log] == sorted(line["at"] for line in log)
    last = world.view(rollout_id)["lastEvent"]
    assert world.api.get(path, params={"after": last}).json() == []
    assert len(world.api.get(path, params={"after": "0:1"}).json()) == len(log) - 1
    told = [one.__dict__ for one in caplog.records if one.name == "rollout.events"]
    assert [one["event"] for one in told] == [line["kind"] for line in log]
    assert {one["scaleSet"] for one in told} == {scale_set}
    assert max(one["batch"] for one in told) == BATCHES
    assert {one["phase"] for one in told[-9:]} > {"AwaitingApproval", "Succeeded"}


def test_what_has_a_long_log_goes_back_and_is_forgotten_as_a_whole(world: System) -> None:
    """The way back goes on in the log where the way there ended."""
    world.run(world.scale_set(capacity=SIZE, **QUICK), id="gone", policy=ONE_BY_ONE)
    world.api.post("/api/rollouts/gone/rollback")
    assert world.finish("gone")["phase"] == "RolledBack"
    assert world.view("gone")["counts"]["done"] == 0
    assert len({line["part"] for line in world.events("gone")}) > 3
    let_pass(world, days=181)
    assert [each for each in kept(world) if "gone" in each] == []


def test_a_wait_of_hours_is_one_line_that_says_until_when(system: System) -> None:
    rollout_id = system.start(system.scale_set(capacity=4, updateDomains=2)).json()["id"]
    system.until(rollout_id, lambda view: view["counts"]["inProgress"] > 0)
    system.fault("throttle", count=24, retryAfter=120)
    assert system.finish(rollout_id)["phase"] == "Succeeded"
    waits = [line for line in system.events(rollout_id) if line["kind"] == "waiting"]
    causes = [(line["evidence"]["error"]["action"], str(line["position"][:-1])) for line in waits]
    assert len(set(causes)) == len(causes)
    assert sum(line.get("times", 1) for line in waits) == 24
    for line in (each for each in waits if "times" in each):
        assert line["at"] < line["until"]


@pytest.mark.by_day(0)
def test_an_entity_whose_worker_dies_has_each_event_once(tmp_path: Path) -> None:
    """Each third call of the log dies before it has run, or after that."""
    calls, moments = itertools.count(1), itertools.cycle(Moment)

    def dies(function: Function) -> Moment | None:
        logs = function.called in {"rollout_log", "rollout_record", "rollout_index"}
        return next(moments) if logs and next(calls) % 3 == 0 else None

    with playing(tmp_path, load=partial(AppProcess, kill=dies)) as system:
        for version in (OLD, NEW):
            system.publish(**PLATFORM, version=version)
        view = system.run(system.scale_set(capacity=8), policy=ONE_BY_ONE)
        assert view["phase"] == "Succeeded"
        log = system.events(view["id"])
    own = [line["position"][0] for line in log if len(line["position"]) == 1]
    assert own == list(range(1, len(own) + 1))
    positions = [str(line["position"]) for line in log]
    assert len(set(positions)) == len(positions)
    assert next(calls) > len(log)


def test_a_log_that_is_purged_by_hand_leaves_its_lines_to_the_next_of_that_id(
    world: System,
) -> None:
    for _ in range(2):
        world.run(world.scale_set(capacity=2), id="again", policy=ONE_BY_ONE)
        world.api.delete(f"{DURABLE}/instances/again")
        world.host.wait_idle()
    world.run(world.scale_set(capacity=2), id="again", policy=ONE_BY_ONE)
    starts = [line for line in world.events("again") if line["kind"] == "started"]
    assert len(starts) == 3
    assert len(world.view("again")["timeline"]) >= 2
