"""A verb that takes up what broke off, while the watch does so at that very moment; or that Durable
has in its queue when the worker dies. Who was told 202 is obeyed all the same.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from story import NEW, OLD, System
from waves import images

from durable import fleet_commands, take_up
from local.host.engine.deaths import Death
from triggers import verbs

ENDS = [("abort", "Aborted"), ("rollback", "RolledBack")]

type TakeUp = Callable[[Any, str], Awaitable[bool]]


def overtaken(monkeypatch: pytest.MonkeyPatch, module: Any, take_up_again: TakeUp) -> list[str]:
    """Whoever takes up there is overtaken by somebody else who does, once; which ids that were."""
    read, done = module.read_record, list[str]()

    async def meanwhile(client: Any, rollout_id: str) -> Any:
        found = await read(client, rollout_id)
        if not done:
            done.append(rollout_id)
            assert await take_up_again(client, rollout_id)
        return found

    monkeypatch.setattr(module, "read_record", meanwhile)
    return done


def broken_off(view: dict[str, Any]) -> bool:
    return "Broke off" in view["message"]


@pytest.mark.parametrize(("verb", "phase"), [*ENDS, ("retry", "Succeeded")])
def test_a_verb_is_obeyed_by_a_rollout_that_the_watch_takes_up_meanwhile(
    system: System, monkeypatch: pytest.MonkeyPatch, verb: str, phase: str
) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 2)
    system.host.deaths.plan(Death("roll_out", rollout))
    system.until(rollout, broken_off)
    overtakers = overtaken(monkeypatch, take_up, take_up.take_up)
    answer = system.api.post(f"/api/rollouts/{rollout}/{verb}", json={"by": "ann"})
    assert (answer.status_code, overtakers) == (202, [rollout]), answer.text
    view, truth = system.finish(rollout), system.truth(scale_set)
    assert (view["phase"], truth["violations"]) == (phase, []), view["message"]


@pytest.mark.parametrize(("verb", "phase"), ENDS)
def test_a_verb_is_obeyed_by_a_fleet_rollout_that_the_watch_takes_up_meanwhile(
    system: System, monkeypatch: pytest.MonkeyPatch, verb: str, phase: str
) -> None:
    first, second = system.small(2)
    waves = [
        {"name": "canary", "scaleSets": [first], "bakeAfter": "PT1H"},
        {"name": "rest", "scaleSets": [second]},
    ]
    fleet = system.start_fleet(waves).json()["id"]
    system.fleet_until(fleet, lambda view: view["counts"]["done"] == 1)
    system.host.deaths.plan(Death("roll_out_fleet", fleet))
    system.fleet_until(fleet, broken_off)
    overtakers = overtaken(monkeypatch, fleet_commands, fleet_commands.take_up_fleet)
    answer = system.api.post(f"/api/fleet-rollouts/{fleet}/{verb}", json={"by": "ann"})
    assert (answer.status_code, overtakers) == (202, [fleet]), answer.text
    assert system.finish_fleet(fleet)["phase"] == phase
    assert images(system, [first, second]) == [OLD if verb == "rollback" else NEW, OLD]


def dropping_once(monkeypatch: pytest.MonkeyPatch, module: Any) -> list[str]:
    """The extension drops what is in the queue of an instance whose worker dies; of which that was
    the first.
    """
    say, dropped = module.command_raised, list[str]()

    async def or_drop(client: Any, instance_id: str, command: Any) -> bool:
        if dropped:
            return await say(client, instance_id, command)
        dropped.append(instance_id)
        return True

    monkeypatch.setattr(module, "command_raised", or_drop)
    monkeypatch.setattr("durable.until.BETWEEN_LOOKS_SECONDS", 0.01)
    return dropped


@pytest.mark.parametrize("dies", [False, True])
@pytest.mark.parametrize(("verb", "phase"), ENDS)
def test_an_end_that_durable_has_dropped_is_said_again(
    system: System, monkeypatch: pytest.MonkeyPatch, verb: str, phase: str, *, dies: bool
) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 2)
    dropped = dropping_once(monkeypatch, verbs)
    if dies:
        system.host.deaths.plan(Death("roll_out", rollout))
    answer = system.api.post(f"/api/rollouts/{rollout}/{verb}", json={"by": "ann"})
    assert (answer.status_code, dropped) == (202, [rollout]), answer.text
    view, truth = system.finish(rollout), system.truth(scale_set)
    assert (view["phase"], truth["violations"]) == (phase, []), view["message"]
    assert "by ann" in view["message"]


@pytest.mark.parametrize(("verb", "phase"), ENDS)
def test_an_end_of_a_fleet_rollout_that_durable_has_dropped_is_said_again(
    system: System, monkeypatch: pytest.MonkeyPatch, verb: str, phase: str
) -> None:
    first, second = system.small(2)
    waves = [
        {"name": "canary", "scaleSets": [first], "bakeAfter": "PT1H"},
        {"name": "rest", "scaleSets": [second]},
    ]
    fleet = system.start_fleet(waves).json()["id"]
    system.fleet_until(fleet, lambda view: view["counts"]["done"] == 1)
    dropped = dropping_once(monkeypatch, fleet_commands)
    answer = system.api.post(f"/api/fleet-rollouts/{fleet}/{verb}", json={"by": "ann"})
    assert (answer.status_code, dropped) == (202, [fleet]), answer.text
    assert system.finish_fleet(fleet)["phase"] == phase
    assert images(system, [first, second]) == [OLD if verb == "rollback" else NEW, OLD]
