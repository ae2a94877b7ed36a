"""A verb that takes up what broke off, while the watch does so at that very moment; or that Durable
has in its queue when the worker dies. Who was told 202 is obeyed all the same.
"""

from asyncio import sleep
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from answering import BUSY, YES, AskedHost
from gated import SMALL, gate, policy
from story import NEW, OLD, System
from waves import images

from durable import SAID, fleet_commands, members, take_up
from durable.client import find_instance
from local.host.engine.deaths import Death
from rollout.run.progress_view import NOT_HEARD
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


def dropping(monkeypatch: pytest.MonkeyPatch, module: Any, times: int = 1) -> list[str]:
    """The extension drops what is in the queue of an instance whose worker dies; of which those
    were the first.
    """
    say, dropped = module.command_raised, list[str]()

    async def or_drop(client: Any, instance_id: str, command: Any) -> bool:
        if len(dropped) == times:
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
    dropped = dropping(monkeypatch, verbs)
    if dies:
        system.host.deaths.plan(Death("roll_out", rollout))
    answer = system.api.post(f"/api/rollouts/{rollout}/{verb}", json={"by": "ann"})
    assert (answer.status_code, dropped) == (202, [rollout]), answer.text
    view, truth = system.finish(rollout), system.truth(scale_set)
    assert (view["phase"], truth["violations"]) == (phase, []), view["message"]
    assert "by ann" in view["message"]


@pytest.mark.parametrize(("verb", "phase"), ENDS)
def test_whoever_says_an_end_that_nobody_hears_is_told_so_and_may_say_it_again(
    system: System, monkeypatch: pytest.MonkeyPatch, verb: str, phase: str
) -> None:
    rollout = system.start(system.scale_set(capacity=10)).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 2)
    dropped = dropping(monkeypatch, verbs, SAID)
    answer = system.api.post(f"/api/rollouts/{rollout}/{verb}", json={"by": "ann"})
    assert (answer.status_code, dropped) == (202, [rollout] * SAID), answer.text
    assert NOT_HEARD in answer.json()["notice"]
    assert verb in system.view(rollout)["verbs"]
    again = system.api.post(f"/api/rollouts/{rollout}/{verb}", json={"by": "ann"}).json()
    assert NOT_HEARD not in again["notice"]
    assert system.finish(rollout)["phase"] == phase


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
    dropped = dropping(monkeypatch, fleet_commands)
    answer = system.api.post(f"/api/fleet-rollouts/{fleet}/{verb}", json={"by": "ann"})
    assert (answer.status_code, dropped) == (202, [fleet]), answer.text
    assert system.finish_fleet(fleet)["phase"] == phase
    assert images(system, [first, second]) == [OLD if verb == "rollback" else NEW, OLD]


@pytest.mark.parametrize(("verb", "phase"), ENDS)
def test_an_end_that_durable_has_dropped_on_its_way_to_a_scale_set_is_said_again(
    system: System, monkeypatch: pytest.MonkeyPatch, verb: str, phase: str
) -> None:
    scale_set = system.scale_set(capacity=10, updateDomains=5)
    fleet = system.start_fleet([{"name": "all", "scaleSets": [scale_set]}]).json()["id"]
    system.fleet_until(fleet, lambda view: "1 scale set(s) under way" in view["message"])
    [row] = system.api.get(f"/api/fleet-rollouts/{fleet}/scale-sets").json()
    system.until(row["rolloutId"], lambda view: view["batch"] == 1)
    dropped = dropping(monkeypatch, members)
    answer = system.api.post(f"/api/fleet-rollouts/{fleet}/{verb}", json={"by": "ann"})
    assert answer.status_code == 202, answer.text
    assert system.finish_fleet(fleet)["phase"] == phase
    assert dropped == [row["rolloutId"]]
    assert system.view(row["rolloutId"])["phase"] == phase


def ending_first(system: System, monkeypatch: pytest.MonkeyPatch, rollout: str) -> None:
    """It ends at the very moment at which the verb is sent."""
    say, waited = verbs.command_raised, list[str]()

    async def too_late(client: Any, instance_id: str, command: Any) -> bool:
        if not waited:
            waited.append(instance_id)
            while (there := await find_instance(client, rollout)) and there.active:
                system.clock.jump(system.host.next_due or system.clock.now())
                await sleep(0.01)
        return await say(client, instance_id, command)

    monkeypatch.setattr(verbs, "command_raised", too_late)


@pytest.mark.parametrize(
    ("verb", "status", "phase"), [("abort", 409, "Succeeded"), ("rollback", 202, "RolledBack")]
)
def test_a_verb_that_comes_as_it_ends_is_refused_or_obeyed(
    system: System, monkeypatch: pytest.MonkeyPatch, verb: str, status: int, phase: str
) -> None:
    rollout = system.start(system.scale_set(capacity=4, updateDomains=2)).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 1)
    ending_first(system, monkeypatch, rollout)
    answer = system.api.post(f"/api/rollouts/{rollout}/{verb}", json={"by": "ann"})
    assert answer.status_code == status, answer.text
    assert system.finish(rollout)["phase"] == phase
    assert not [each for each in system.events(rollout) if each["kind"] == "takenUp"]


@pytest.mark.parametrize(("verb", "phase"), ENDS)
def test_an_end_that_is_said_while_everything_is_verified_is_obeyed(
    system: System, host: AskedHost, verb: str, phase: str
) -> None:
    gated = policy(gate(host.says("/g", YES, BUSY)))
    rollout = system.start(system.scale_set(**SMALL), policy=gated).json()["id"]
    system.until(rollout, lambda _: host.times("/g") == 2)
    system.fault("throttle", rate=1, retryAfter=60)
    host.says("/g", YES)
    system.until(rollout, lambda view: "throttled (429)" in view["message"])
    answer = system.api.post(f"/api/rollouts/{rollout}/{verb}", json={"by": "ann"})
    assert answer.status_code == 202, answer.text
    system.azure.delete("/_sim/faults")
    view = system.finish(rollout)
    assert view["phase"] == phase, view["message"]
