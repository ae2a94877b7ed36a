"""What a rehearsal asks of the app, and what it makes of its answers."""

import json
from pathlib import Path
from typing import Any

import pytest
from answers import Answer, answering
from command import Person
from story import NEW, PLATFORM, System

from vmss_rollout import exits
from vmss_rollout.app_context import AppContext
from vmss_rollout.client import Client
from vmss_rollout.rehearsal.timings import timings

URN = ":".join([*PLATFORM.values(), NEW])
WEB = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/web"
APPROVED = ("--set", "approval=everyBatch", "--set", "deadline=PT2H")


def test_the_app_hears_reads_and_a_plan(system: System, tmp_path: Path) -> None:
    scale_set = system.scale_set(name="asked", capacity=2, updateDomains=2)
    plan, view = system.plan(scale_set), system.api.get("/api/scale-sets/demo/asked").json()
    with answering(Answer(200, plan), Answer(200, view), Answer(200, [])) as app:
        person = Person({"VMSS_ROLLOUT_APP": app.url}, tmp_path / "config.yaml")
        done = person.says("rehearse", scale_set, URN, "-o", "json")
    assert done.code == 0, done.err
    asked = [(method, path.partition("?")[0]) for method, path, _ in app.asked]
    assert asked == [
        ("POST", "/api/rollouts/plan"),
        ("GET", "/api/scale-sets/demo/asked"),
        ("GET", "/api/rollouts"),
    ]
    assert json.loads(done.out)["upgradeSource"] == "assumed: --upgrade"


def test_how_long_things_take_is_learned_from_earlier_rollouts(
    system: System, person: Person
) -> None:
    scale_set = system.scale_set(
        name="known", capacity=2, updateDomains=2, upgradeDuration=180, bootDuration=45
    )
    system.run(scale_set, id="known-1")
    image = {"version": "14.04.201506100"}
    done = person.says("rehearse", "known", image["version"], "-o", "json")
    assert done.code == 0, done.err
    report = json.loads(done.out)
    assert report["upgradeSeconds"] == 180
    assert 45 <= report["bootSeconds"] <= 50, "as closely as the first batch was looked at"
    assert report["upgradeSource"] == "measured in 1 batch of known-1"


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (["done", "failed"], "2 min (measured in 1 batch of web-0)"),
        (["done", "done"], "2 min (measured in 2 batches of web-0, web-1)"),
        (["failed", "failed"], "4 min (assumed: --upgrade)"),
    ],
)
def test_only_rollouts_whose_first_batch_went_well_teach_how_long_it_takes(
    states: list[str], said: str
) -> None:
    views: list[dict[str, Any]] = [
        {
            "id": f"web-{number}",
            "finishedAt": "2026-01-01T13:00:00Z",
            "timeline": [
                {
                    "state": state,
                    "sentAt": "2026-01-01T12:00:00Z",
                    "upgradedAt": "2026-01-01T12:02:00Z",
                }
            ],
        }
        for number, state in enumerate(states)
    ]
    with answering(Answer(200, views), *(Answer(200, view) for view in views)) as app:
        client = Client(AppContext(app.url), "", None, lambda _: None)
        learned = timings(client, WEB, "", "")
        client.close()
    assert str(learned.upgrade) == said
    assert str(learned.boot) == "1 min 30 s (assumed: --boot)"


def test_what_waits_for_somebody_waits_in_the_rehearsal_too(system: System, person: Person) -> None:
    system.scale_set(name="asks", capacity=2, updateDomains=2)
    waits = person.says("rehearse", "asks", NEW, *APPROVED)
    assert waits.code == exits.WAITS
    assert "--approve approves at once" in " ".join(waits.lines)
    approved = person.says("rehearse", "asks", NEW, *APPROVED, "--approve", "-o", "json")
    assert approved.code == 0
    assert json.loads(approved.out)["phase"] == "Succeeded"
    nobody = person.says("rehearse", "asks", NEW, *APPROVED, "--keep-waiting", "-o", "json")
    assert nobody.code == exits.ROLLED_BACK


def test_what_the_app_refuses_is_not_rehearsed(system: System, person: Person) -> None:
    system.scale_set(name="moves-itself", upgradePolicy="Automatic", capacity=2)
    done = person.says("rehearse", "moves-itself", NEW)
    assert done.code == exits.REFUSED
    assert "The upgrade policy of" in done.err


def test_a_set_that_the_app_may_not_read(system: System, person: Person) -> None:
    scale_set = system.scale_set(name="secret", capacity=2)
    system.fault("denied", scaleSet="secret", rate=1)
    done = person.says("rehearse", scale_set, NEW)
    assert done.code != 0
    assert "secret" in done.err


def test_an_app_that_is_older_than_the_command(system: System, tmp_path: Path) -> None:
    scale_set = system.scale_set(name="older", capacity=2)
    with answering(Answer(200, system.plan(scale_set)), Answer(200, {"id": scale_set})) as app:
        person = Person({"VMSS_ROLLOUT_APP": app.url}, tmp_path / "config.yaml")
        done = person.says("rehearse", scale_set, URN)
    assert (done.code, done.err.splitlines()[-1]) == (
        exits.USAGE, "Give files instead: --show and --instances.",
    )  # fmt: skip
