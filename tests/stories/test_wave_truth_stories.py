"""What a fleet rollout says of its scale sets is what is true of them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from story import NEW, OLD, System
from waves import images

from rollout.fleet import rollout_id_of
from rollout.inventory import ScaleSetId

type Json = dict[str, Any]

PLATFORM_NEW = {
    "publisher": "Canonical", "offer": "UbuntuServer", "sku": "14.04.2-LTS", "version": NEW,
}  # fmt: skip


def two_waves(first: str, second: str, **rules: Any) -> list[Json]:
    return [
        {"name": "canary", "scaleSets": [first], **rules},
        {"name": "prod", "scaleSets": [second]},
    ]


@pytest.mark.crossed
@pytest.mark.parametrize("bake", ["PT0S", "PT5M"])
@pytest.mark.parametrize(
    "spec",
    [
        pytest.param({"capacity": 3, "deallocated": ["0", "1", "2"]}, id="deallocated"),
        pytest.param({"capacity": 0}, id="empty"),
    ],
)
def test_a_wave_that_verified_no_instance_asks(system: System, spec: Json, bake: str) -> None:
    nobody, prod = system.scale_set(**spec), system.small(1)[0]
    started = system.start_fleet(two_waves(nobody, prod, bakeAfter=bake))
    fleet_id = started.json()["id"]
    view = system.fleet_until(fleet_id, lambda view: view["phase"] == "AwaitingApproval")
    assert "Wave canary has verified no instance" in view["message"]
    assert images(system, [prod]) == [OLD]
    answer = system.api.post(f"/api/fleet-rollouts/{fleet_id}/approve", json={"by": "ann"})
    assert answer.status_code == 202
    ended = system.finish_fleet(fleet_id)
    assert ended["phase"] == "Succeeded"
    assert "Wave canary has verified no instance" in ended["message"]
    assert images(system, [prod]) == [NEW]


def test_it_fails_if_the_wave_says_so(system: System) -> None:
    nobody, prod = system.scale_set(capacity=0), system.small(1)[0]
    system.start_fleet(two_waves(nobody, prod, onNothingVerified="fail"), id="proof-fail")
    view = system.finish_fleet("proof-fail")
    assert view["phase"] == "Failed"
    assert "Wave canary has verified no instance" in view["message"]
    assert images(system, [prod]) == [OLD]


def test_it_goes_on_if_the_wave_says_so(system: System) -> None:
    nobody, prod = system.scale_set(capacity=0), system.small(1)[0]
    system.start_fleet(two_waves(nobody, prod, onNothingVerified="proceed"), id="proof-go")
    assert system.finish_fleet("proof-go")["phase"] == "Succeeded"
    assert images(system, [prod]) == [NEW]


@pytest.mark.parametrize("bake", ["PT0S", "PT5M"])
def test_a_scale_set_that_is_on_the_image_and_sick_is_not_done(system: System, bake: str) -> None:
    sick, prod = system.scale_set(capacity=3, image=PLATFORM_NEW), system.small(1)[0]
    system.fault("badImage", version=NEW, scaleSet=sick.rsplit("/", 1)[-1])
    started = system.start_fleet(two_waves(sick, prod, bakeAfter=bake))
    view = system.finish_fleet(started.json()["id"])
    assert view["phase"] == "Failed"
    assert "3 instance(s) on" in view["message"]
    assert view["waves"][0]["cells"] == "f"
    assert images(system, [prod]) == [OLD]


def test_instances_that_were_on_the_image_and_are_healthy_are_proof_enough(system: System) -> None:
    there, prod = system.scale_set(capacity=3, image=PLATFORM_NEW), system.small(1)[0]
    system.start_fleet(two_waves(there, prod), id="proof-there")
    assert system.finish_fleet("proof-there")["phase"] == "Succeeded"
    assert images(system, [prod]) == [NEW]


def test_the_only_wave_says_that_it_has_verified_nothing(system: System) -> None:
    nobody = system.scale_set(capacity=0)
    system.start_fleet([{"name": "all", "scaleSets": [nobody]}], id="proof-only")
    view = system.finish_fleet("proof-only")
    assert view["phase"] == "Succeeded"
    assert "Wave all has verified no instance" in view["message"]


def squat(system: System, fleet_id: str, member: str, other: str) -> None:
    """Start a rollout of another scale set under the id that a member will have: the app lets
    nobody choose it, but who has Durable's key can.
    """
    key = rollout_id_of(fleet_id, ScaleSetId.parse(member))
    order = {"id": key, "request": {"scaleSet": other, "image": {"version": NEW}}}
    system.api.post(f"/runtime/webhooks/durabletask/orchestrators/roll_out/{key}", json=order)
    system.host.wait_idle()


def test_a_rollout_that_has_the_id_of_a_member_is_not_taken_for_it(system: System) -> None:
    member, other = system.small(2)
    squat(system, "squat-1", member, other)
    system.start_fleet([{"name": "all", "scaleSets": [member]}], id="squat-1")
    view = system.finish_fleet("squat-1")
    assert (view["phase"], view["waves"][0]["cells"]) == ("Failed", "f")
    assert "was started with another request" in view["message"]
    assert images(system, [member, other]) == [OLD, OLD]


def test_nor_is_it_sent_back_with_the_fleet(system: System) -> None:
    """What an earlier run has moved stays moved: it is not this one's."""
    scale_sets = system.small(1)
    waves = [{"name": "all", "scaleSets": scale_sets}]
    system.start_fleet(waves, id="squat-2")
    system.finish_fleet("squat-2")
    system.api.delete("/runtime/webhooks/durabletask/instances/squat-2")
    system.start_fleet(waves, id="squat-2")
    assert system.finish_fleet("squat-2")["phase"] == "Failed"
    system.api.post("/api/fleet-rollouts/squat-2/rollback", json={"by": "ann"})
    view = system.finish_fleet("squat-2")
    assert view["phase"] == "RolledBack"
    assert images(system, scale_sets) == [NEW]


def test_nor_is_a_member_of_a_fleet_rollout_that_was_purged(system: System) -> None:
    (scale_set,) = system.small(1)
    waves = [{"name": "all", "scaleSets": [scale_set]}]
    system.start_fleet(waves, id="monthly")
    assert system.finish_fleet("monthly")["phase"] == "Succeeded"
    purged = system.api.delete("/runtime/webhooks/durabletask/instances/monthly")
    assert purged.status_code == 200
    system.run(scale_set, image={"version": OLD})
    system.start_fleet(waves, id="monthly")
    view = system.finish_fleet("monthly")
    assert (view["phase"], view["waves"][0]["cells"]) == ("Failed", "f")
    assert images(system, [scale_set]) == [OLD]


def test_others_begin_while_one_is_held(system: System) -> None:
    scale_sets = system.small(3)
    system.start(scale_sets[0], id="holds", policy={"pauseBetweenBatches": "PT10M"})
    system.start_fleet([{"name": "all", "scaleSets": scale_sets}], id="held-1")
    view = system.fleet_until("held-1", lambda view: view["counts"]["inProgress"] == 1, seconds=1)
    events = system.api.get("/api/fleet-rollouts/held-1/events").json()
    at = {one["kind"]: datetime.fromisoformat(one["at"]) for one in events}
    assert (at["scaleSetStarted"] - at["waiting"]).total_seconds() < 10
    assert "waits: rollout holds has the scale set" in view["message"]
    assert system.finish_fleet("held-1")["phase"] == "Succeeded"
    assert images(system, scale_sets) == [NEW] * 3


def test_one_that_is_held_for_long_is_waited_for(system: System) -> None:
    """Somebody else's rollout takes hours; it is no fault of the scale set."""
    scale_sets = system.small(2)
    system.start(scale_sets[0], id="slow", policy={"pauseBetweenBatches": "PT5H"})
    system.start_fleet([{"name": "all", "scaleSets": scale_sets}], id="held-2")
    view = system.finish_fleet("held-2")
    assert (view["phase"], view["waves"][0]["cells"]) == ("Succeeded", "dd")


def test_one_that_is_held_beyond_the_deadline_fails_and_says_by_whom(system: System) -> None:
    (scale_set,) = system.small(1)
    system.start(scale_set, id="slower", policy={"pauseBetweenBatches": "PT5H"})
    wave = {"name": "all", "scaleSets": [scale_set]}
    system.start_fleet([wave], id="held-3", deadline="PT3H")
    view = system.finish_fleet("held-3")
    assert (view["phase"], view["waves"][0]["cells"]) == ("Failed", "f")
    assert "rollout 'slower' is active" in view["message"]
    assert "deadline" in view["message"]


def test_an_aborted_member_is_aborted_and_not_failed(system: System) -> None:
    scale_sets = system.small(2)
    policy = {"pauseBetweenBatches": "PT10M"}
    system.start_fleet([{"name": "all", "scaleSets": scale_sets}], id="stop-1", policy=policy)
    system.fleet_until("stop-1", lambda view: view["counts"]["inProgress"] == 1)
    system.api.post("/api/fleet-rollouts/stop-1/abort", json={"by": "ann"})
    view = system.finish_fleet("stop-1")
    assert (view["phase"], view["waves"][0]["cells"]) == ("Aborted", "ap")
    assert (view["counts"]["aborted"], view["counts"]["failed"]) == (1, 0)
    assert view["message"] == (
        "Aborted by ann. 0 of 2 scale set(s) are done, 1 aborted, 1 were not touched."
    )
    assert "rollback" in view["verbs"]
    (row, _) = system.api.get("/api/fleet-rollouts/stop-1/scale-sets").json()
    assert row["state"] == "aborted"


def test_percent_and_eta_count_instances(system: System) -> None:
    large, small = system.scale_set(capacity=18, updateDomains=3), system.small(1)[0]
    waves = [
        {"name": "large", "scaleSets": [large], "bakeAfter": "PT1H"},
        {"name": "small", "scaleSets": [small]},
    ]
    started = system.start_fleet(waves, id="percent-1").json()
    assert (started["instances"]["total"], started["percent"], started["eta"]) == (20, 0, None)
    view = system.fleet_until("percent-1", lambda view: view["percent"] > 0, seconds=5)
    assert view["counts"]["done"] == 0
    assert view["instances"]["done"] in {1, 2, 3, 4, 5, 6}
    assert view["percent"] == 100 * view["instances"]["done"] // 20
    baking = system.fleet_until("percent-1", lambda view: "baking" in view["message"], seconds=5)
    assert (baking["instances"]["done"], baking["percent"]) == (18, 90)
    eta = datetime.fromisoformat(baking["eta"])
    until = datetime.fromisoformat(baking["waves"][0]["bakingUntil"])
    took = until - timedelta(hours=1) - datetime.fromisoformat(baking["waveBeganAt"])
    assert abs(eta - until - took * 2 / 18) < timedelta(seconds=2), (
        "two instances, as fast as the 18"
    )
    (line,) = [
        one for one in system.api.get("/api/fleet-rollouts").json() if one["id"] == "percent-1"
    ]
    assert (line["percent"], line["eta"]) == (90, baking["eta"])
    ended = system.finish_fleet("percent-1")
    assert (ended["percent"], ended["eta"], ended["instances"]["done"]) == (100, None, 20)


def test_percent_counts_instances_to_the_end_where_a_scale_set_has_failed(system: System) -> None:
    large, small = system.scale_set(capacity=18, updateDomains=3), system.small(1)[0]
    system.fault("badImage", scaleSet=small, version=NEW)
    waves = [{"name": "all", "scaleSets": [large, small], "maxFailedScaleSets": 1}]
    system.start_fleet(waves, id="percent-2")
    ended = system.finish_fleet("percent-2")
    lines = system.api.get("/api/fleet-rollouts").json()
    (line,) = [one for one in lines if one["id"] == "percent-2"]
    assert (ended["counts"]["done"], ended["counts"]["failed"]) == (1, 1)
    assert (ended["percent"], line["percent"]) == (90, 90), "not half, as of the scale sets"
