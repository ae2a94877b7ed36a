"""Of any number of simultaneous starts exactly one is told 202, and whoever is told that exists."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from following import DEMO
from starting import held_by
from story import System, playing

from durable import begin, client
from local.host.engine.deaths import Death
from local.host.store import AsAzure
from rollout.inventory import ScaleSetId
from rollout.run import lock_id

DURABLE = "/runtime/webhooks/durabletask"
MANY = 12
KIND = "Microsoft.Compute/virtualMachineScaleSets"


def at_once(*starts: Callable[[], httpx.Response]) -> list[httpx.Response]:
    """The answers to all of these, sent side by side."""
    with ThreadPoolExecutor(len(starts)) as pool:
        return [future.result() for future in [pool.submit(start) for start in starts]]


def statuses(answers: list[httpx.Response]) -> dict[int, int]:
    return dict(Counter(answer.status_code for answer in answers))


def test_of_many_starts_on_one_scale_set_one_wins_and_the_others_hear_its_name(
    system: System,
) -> None:
    scale_set = system.scale_set(capacity=4)
    names = [f"race-{number}" for number in range(MANY)]
    answers = at_once(*(lambda name=name: system.start(scale_set, id=name) for name in names))
    assert statuses(answers) == {202: 1, 409: MANY - 1}
    [won] = [answer.json()["id"] for answer in answers if answer.status_code == 202]
    assert {a.json()["rolloutId"] for a in answers if a.status_code == 409} == {won}
    assert system.finish(won)["phase"] == "Succeeded"
    assert system.start(scale_set, id="race-next").status_code == 202


def purging_once(system: System, monkeypatch: pytest.MonkeyPatch, doomed: str) -> None:
    """Somebody purges that orchestration between its start and the read of it."""
    find, there = client.find_instance, [doomed]

    async def after_a_purge(asked: Any, instance_id: str) -> Any:
        if instance_id in there and await find(asked, instance_id):
            there.remove(instance_id)
            path = f"/runtime/webhooks/durabletask/instances/{instance_id}"
            system.api.post(f"{path}/terminate?reason=x")
            while await find(asked, instance_id):
                system.api.delete(path)
        return await find(asked, instance_id)

    monkeypatch.setattr(client, "find_instance", after_a_purge)


def test_a_row_that_vanishes_between_start_and_read_leaves_nothing_locked(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    scale_set = system.scale_set(capacity=4)
    purging_once(system, monkeypatch, "vanishes")
    refused = system.start(scale_set, id="vanishes")
    assert refused.status_code == 409, refused.text
    assert refused.json()["title"] == "It was purged at once"
    again = system.start(scale_set, id="vanishes")
    assert again.status_code == 202, again.text
    assert system.finish("vanishes")["phase"] == "Succeeded"


def test_a_fleet_rollout_whose_row_vanishes_leaves_nothing_locked(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    waves = [{"name": "all", "scaleSets": system.small(1)}]
    purging_once(system, monkeypatch, "vanishes-too")
    refused = system.start_fleet(waves, id="vanishes-too")
    assert refused.status_code == 409, refused.text
    assert refused.json()["title"] == "It was purged at once"
    assert system.start_fleet(waves, id="vanishes-too").status_code == 202
    assert system.finish_fleet("vanishes-too")["phase"] == "Succeeded"


def overtaken(monkeypatch: pytest.MonkeyPatch, overtake: Callable[[], None]) -> None:
    """Something happens between a start's look for its id and its start, once."""
    add, done = begin.add_to_list, list[str]()

    async def meanwhile(asked: Any, index_key: str, line: Any, operation: str = "add") -> None:
        if not done:
            done.append(index_key)
            await asyncio.to_thread(overtake)
        await add(asked, index_key, line, operation)

    monkeypatch.setattr(begin, "add_to_list", meanwhile)


@pytest.mark.parametrize("how", ["died", "terminated"])
def test_what_has_ended_is_not_replaced_by_a_start_that_began_before_it(
    system: System, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Both were told 202, and one of the two scale sets was rolled."""
    scale_sets = [system.scale_set(capacity=4) for _ in range(2)]
    name, first = f"ended-{how}", list[httpx.Response]()

    def overtake() -> None:
        if how == "died":
            system.host.deaths.plan(Death("roll_out", name))
        first.append(system.start(scale_sets[0], id=name))
        if how == "terminated":
            system.api.post(f"{DURABLE}/instances/{name}/terminate?reason=x")
        while system.api.get(f"{DURABLE}/instances/{name}").status_code == 202:
            time.sleep(0.01)

    overtaken(monkeypatch, overtake)
    second = system.start(scale_sets[1], id=name)
    assert [first[0].status_code, second.status_code] == [202, 409], second.text
    system.look_after()
    assert system.view(name)["scaleSet"] == scale_sets[0]
    assert system.start(scale_sets[1]).status_code == 202, "nothing is left locked"


def test_one_id_is_given_to_one_scale_set(system: System) -> None:
    scale_sets = [system.scale_set(capacity=4) for _ in range(4)]
    answers = at_once(*(lambda each=each: system.start(each, id="shared") for each in scale_sets))
    assert statuses(answers) == {202: 1, 409: 3}
    [won] = [answer.json() for answer in answers if answer.status_code == 202]
    assert system.finish("shared")["scaleSet"] == won["scaleSet"]
    for scale_set in scale_sets:
        assert system.start(scale_set).status_code == 202, "nothing is left locked"


def test_the_same_start_many_times_is_one_rollout(system: System) -> None:
    scale_set = system.scale_set(capacity=4)
    answers = at_once(*(lambda: system.start(scale_set, id="again") for _ in range(MANY)))
    assert statuses(answers) == {202: MANY}
    assert {answer.json()["id"] for answer in answers} == {"again"}
    assert system.finish("again")["phase"] == "Succeeded"
    kinds = [event["kind"] for event in system.events("again")]
    assert kinds.count("started") == 1


def test_of_fleet_rollouts_that_share_a_scale_set_one_wins(system: System) -> None:
    shared, *others = system.small(5)
    starts = [
        lambda number=number, other=other: system.start_fleet(
            [{"name": "all", "scaleSets": [other, shared]}], id=f"fleet-race-{number}"
        )
        for number, other in enumerate(others)
    ]
    answers = at_once(*starts)
    assert statuses(answers) == {202: 1, 409: 3}
    [won] = [answer.json()["id"] for answer in answers if answer.status_code == 202]
    assert system.finish_fleet(won)["phase"] == "Succeeded"
    again = system.start_fleet([{"name": "all", "scaleSets": [shared, *others]}], id="fleet-next")
    assert again.status_code == 202, "nothing is left locked"


def test_the_same_fleet_start_many_times_is_one_fleet_rollout(system: System) -> None:
    waves = [{"name": "all", "scaleSets": system.small(2)}]
    answers = at_once(*(lambda: system.start_fleet(waves, id="fleet-again") for _ in range(MANY)))
    assert statuses(answers) == {202: MANY}
    assert system.finish_fleet("fleet-again")["phase"] == "Succeeded"


def test_an_id_is_taken_in_any_case_of_letters_by_any_kind_of_thing(system: System) -> None:
    first, second = system.small(2)
    assert system.start(first, id="Taken-Rollout").json()["id"] == "taken-rollout"
    assert system.start(second, id="TAKEN-rollout").status_code == 409
    waves = [{"name": "all", "scaleSets": [second]}]
    assert system.start_fleet(waves, id="taken-ROLLOUT").status_code == 409
    assert system.start_fleet(waves, id="Taken-Fleet").status_code == 202
    assert system.start(first, id="taken-fleet").status_code == 409


def test_no_caller_can_choose_an_id_of_ours_and_every_one_can_be_read(system: System) -> None:
    """Of a member, of a fleet rollout and a rollout without an id: none can be taken beforehand."""
    first, second = system.small(2)
    fleet = system.start_fleet([{"name": "all", "scaleSets": [first]}]).json()["id"]
    system.finish_fleet(fleet)
    [row] = system.api.get(f"/api/fleet-rollouts/{fleet}/scale-sets").json()
    alone = system.run(second, policy={"updateDomains": [0]})["id"]
    for taken in (fleet, row["rolloutId"], alone):
        assert system.start(second, id=taken).status_code == 400
        waves = [{"name": "all", "scaleSets": [second]}]
        assert system.start_fleet(waves, id=taken).status_code == 400
    for member in (row["rolloutId"], alone):
        assert system.view(member)["id"] == member
        assert system.api.post(f"/api/rollouts/{member}/rollback").status_code == 202
        assert system.finish(member)["phase"] == "RolledBack"
        assert system.events(member)


def test_a_lock_whose_starter_died_is_taken_over(system: System) -> None:
    """It took the lock, and never came to start the rollout."""
    scale_set = system.scale_set(capacity=2)
    key = lock_id(ScaleSetId.parse(scale_set))
    lock = {"owner": "never-started", "fingerprint": "0", "token": "lost"}
    system.api.post(f"{DURABLE}/orchestrators/hold_lock/{key}", json=lock)
    system.host.wait_idle()
    assert system.start(scale_set, id="taken-over").status_code == 202
    assert system.finish("taken-over")["phase"] == "Succeeded"


@pytest.mark.parametrize("how", ["terminate?reason=x", ""])
def test_a_lock_that_somebody_ends_is_taken_again(system: System, how: str) -> None:
    """Terminated, or terminated and purged."""
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    key = lock_id(ScaleSetId.parse(scale_set))
    system.api.post(f"{DURABLE}/instances/{key}/terminate?reason=x")
    system.host.wait_idle()
    if not how:
        assert system.api.delete(f"{DURABLE}/instances/{key}").status_code == 200
    refused = system.start(scale_set)
    assert (refused.status_code, refused.json()["rolloutId"]) == (409, rollout)
    assert system.finish(rollout)["phase"] == "Succeeded"
    assert system.truth(scale_set)["violations"] == []
    assert system.start(scale_set).status_code == 202


def test_the_list_says_what_a_start_would_be_told(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    name = scale_set.rpartition("/")[2]
    rollout = system.start(scale_set).json()["id"]
    shown = system.api.get(f"/api/scale-sets/demo/{name}").json()
    assert shown["rolloutId"] == rollout
    system.finish(rollout)
    assert system.api.get(f"/api/scale-sets/demo/{name}").json()["rolloutId"] is None


def test_sixty_mixed_calls_at_once_leave_nothing_locked_and_nobody_promised(
    system: System,
) -> None:
    """Starts, aborts, and orchestrations ended by hand."""
    scale_sets = [system.scale_set(capacity=4) for _ in range(3)]
    names = [f"mixed-{number}" for number in range(30)]
    starts = [
        lambda name=name, each=scale_sets[number % 3]: system.start(each, id=name)
        for number, name in enumerate(names)
    ]
    aborts = [lambda name=name: system.api.post(f"/api/rollouts/{name}/abort") for name in names]
    by_hand = [
        lambda name=name: system.api.post(f"{DURABLE}/instances/{name}/terminate?reason=x")
        for name in names[::2]
    ]
    mixed = [call for calls in zip(starts, aborts, strict=True) for call in calls]
    answers = at_once(*mixed, *by_hand)
    assert {answer.status_code for answer in answers} <= {202, 404, 409, 410}
    told = [
        answer.json()["id"]
        for answer in answers
        if answer.status_code == 202 and "statusQueryGetUri" in answer.text
    ]
    for _ in range(2):
        with system.host.skipping():
            system.host.wait_idle()
        system.look_after()
    assert all(system.view(name)["phase"] in {"Aborted", "Succeeded"} for name in told)
    for scale_set in scale_sets:
        assert system.run(scale_set)["phase"] == "Succeeded"


def test_whoever_was_not_the_first_is_told_so_although_durable_answers_202(tmp_path: Path) -> None:
    """Each start is read back: here every start of what has yet to begin is answered with 202."""
    key = lock_id(ScaleSetId.parse(f"{DEMO}/providers/{KIND}/nobody-has-it"))
    with playing(tmp_path, AsAzure(seed="1", late=1.0, raced=1.0)) as system:
        assert held_by(system.host.url, key, "first", "second", "first") == [True, False, True]
