"""Several scale sets, in ordered waves."""

from datetime import datetime, timedelta
from typing import Any

from story import NEW, OLD, System
from waves import images

type Json = dict[str, Any]


def events(system: System, fleet_id: str) -> list[Json]:
    return system.api.get(f"/api/fleet-rollouts/{fleet_id}/events").json()


def _moment(event: Json) -> datetime:
    return datetime.fromisoformat(event["at"])


def test_a_wave_begins_when_the_one_before_it_has_baked(system: System) -> None:
    first, second = system.small(2), system.small(1)
    waves = [
        {"name": "canary", "scaleSets": first, "maxConcurrent": 2, "bakeAfter": "PT2H"},
        {"name": "prod", "scaleSets": second},
    ]
    answer = system.start_fleet(waves, id="waves-1", reason="CVE-1", by="ann")
    assert answer.status_code == 202, answer.text
    view = system.finish_fleet("waves-1")
    assert (view["phase"], view["counts"]["done"], view["percent"]) == ("Succeeded", 3, 100)
    assert [wave["cells"] for wave in view["waves"]] == ["dd", "d"]
    assert images(system, [*first, *second]) == [NEW] * 3
    told = events(system, "waves-1")
    ended = [one for one in told if one["kind"] == "scaleSetFinished"]
    begun = [one for one in told if one["kind"] == "scaleSetStarted"]
    between = _moment(begun[2]) - max(_moment(one) for one in ended[:2])
    assert between >= timedelta(hours=2)
    listed = system.api.get("/api/fleet-rollouts").json()
    assert (listed[0]["id"], listed[0]["phase"]) == ("waves-1", "Succeeded")
    only = {"phase": "succeeded", "top": 1}
    assert system.api.get("/api/fleet-rollouts", params=only).json() == listed[:1]
    assert system.api.get("/api/fleet-rollouts?phase=gone").status_code == 400


def test_every_scale_set_has_an_ordinary_rollout_of_its_own(system: System) -> None:
    scale_sets = system.small(2)
    system.start_fleet([{"name": "all", "scaleSets": scale_sets}], id="own-1", by="ann")
    system.finish_fleet("own-1")
    rows = system.api.get("/api/fleet-rollouts/own-1/scale-sets").json()
    assert [row["scaleSet"] for row in rows] == scale_sets
    assert {row["state"] for row in rows} == {"done"}
    views = [system.view(row["rolloutId"]) for row in rows]
    assert [(view["phase"], view["by"]) for view in views] == [("Succeeded", "ann")] * 2


def test_the_row_of_a_scale_set_says_what_its_rollout_says_now(system: System) -> None:
    waves = [{"name": "all", "scaleSets": system.small(1)}]
    system.start_fleet(waves, id="row-1")
    system.fleet_until("row-1", lambda view: view["counts"]["inProgress"] == 1)
    (row,) = system.api.get("/api/fleet-rollouts/row-1/scale-sets").json()
    system.until(row["rolloutId"], lambda view: view["batch"] == 1)
    (row,) = system.api.get("/api/fleet-rollouts/row-1/scale-sets").json()
    assert row["message"].startswith("Batch 1 of 2")
    system.finish_fleet("row-1")


def test_no_more_scale_sets_at_once_than_may(system: System) -> None:
    scale_sets = system.small(5)
    waves = [{"name": "all", "scaleSets": scale_sets, "maxConcurrent": 2}]
    system.start_fleet(waves, id="two-1")
    seen: set[int] = set()

    def looked(view: Json) -> bool:
        seen.add(view["counts"]["inProgress"])
        return view["counts"]["done"] == 5

    system.fleet_until("two-1", looked)
    assert max(seen) == 2


def test_a_failed_wave_stops_the_next(system: System) -> None:
    first, second = system.small(3), system.small(1)
    system.fault("badImage", version=NEW)
    waves = [{"name": "canary", "scaleSets": first}, {"name": "prod", "scaleSets": second}]
    system.start_fleet(waves, id="bad-1")
    view = system.finish_fleet("bad-1")
    assert view["phase"] == "Failed"
    assert [wave["cells"] for wave in view["waves"]] == ["fpp", "p"]
    assert "1 scale set(s) of wave canary failed, and at most 0 may" in view["message"]
    assert images(system, [*first, *second]) == [OLD] * 4
    assert all(one["upgrades"] == 0 for one in system.truth(second[0])["instances"])


def test_failures_within_the_budget_of_a_wave_do_not_stop_it(system: System) -> None:
    scale_sets = system.small(2)
    system.fault("upgradeFails", instanceIds=["0"], scaleSet=scale_sets[0])
    waves = [{"name": "all", "scaleSets": scale_sets, "maxFailedScaleSets": 1}]
    system.start_fleet(waves, id="budget-1")
    view = system.finish_fleet("budget-1")
    assert (view["phase"], view["waves"][0]["cells"]) == ("Succeeded", "fd")


def test_scale_sets_that_fall_ill_while_they_bake_stop_the_next_wave(system: System) -> None:
    first, second = system.small(1), system.small(1)
    waves = [
        {"name": "canary", "scaleSets": first, "bakeAfter": "PT2H"},
        {"name": "prod", "scaleSets": second},
    ]
    system.start_fleet(waves, id="ill-1")
    system.fleet_until("ill-1", lambda view: view["counts"]["done"] == 1)
    system.fault("badImage", version=NEW)
    view = system.finish_fleet("ill-1")
    assert view["phase"] == "Failed"
    assert "after its bake" in view["message"]
    assert images(system, second) == [OLD]


def test_waves_are_selected_by_tags(system: System) -> None:
    chosen = system.small(2, tags={"ring": "tags-0"})
    others = system.small(1, tags={"ring": "tags-1"})
    waves = [{"name": "ring 0", "selector": {"tags": {"Ring": "tags-0"}}, "maxConcurrent": 2}]
    system.start_fleet(waves, id="tags-1")
    assert system.finish_fleet("tags-1")["counts"]["done"] == 2
    assert images(system, [*chosen, *others]) == [NEW, NEW, OLD]


def test_each_wave_may_have_its_own_policy(system: System) -> None:
    first, second = system.small(1), system.small(1)
    waves = [
        {"name": "one", "scaleSets": first, "policy": {"health": {"stable": "PT5M"}}},
        {"name": "two", "scaleSets": second},
    ]
    system.start_fleet(waves, id="policy-1", policy={"onFailure": "stop"})
    system.finish_fleet("policy-1")
    rows = system.api.get("/api/fleet-rollouts/policy-1/scale-sets").json()
    one, two = (system.view(row["rolloutId"])["policy"] for row in rows)
    assert (one["health"]["stable"], one["onFailure"]) == ("PT5M", "rollback")
    assert (two["health"]["stable"], two["onFailure"]) == ("PT1M", "stop")


def test_a_scale_set_that_another_rollout_has_waits_for_it(system: System) -> None:
    (scale_set,) = system.small(1)
    system.start(scale_set, id="mine", image={"version": NEW})
    system.start_fleet([{"name": "all", "scaleSets": [scale_set]}], id="wait-1")
    assert system.finish_fleet("wait-1")["phase"] == "Succeeded"
    kinds = [one["kind"] for one in events(system, "wait-1")]
    assert "waiting" in kinds


def test_latest_is_pinned_once_for_all_waves(system: System) -> None:
    first, second = system.small(1), system.small(1)
    waves = [
        {"name": "one", "scaleSets": first, "bakeAfter": "PT1H"},
        {"name": "two", "scaleSets": second},
    ]
    answer = system.start_fleet(waves, id="latest-1", image={"version": "latest"})
    pinned = answer.json()["image"]["version"]
    assert pinned != "latest"
    again = system.start_fleet(waves, id="latest-1", image={"version": "latest"})
    assert again.status_code == 202
    assert system.finish_fleet("latest-1")["phase"] == "Succeeded"
    assert images(system, [*first, *second]) == [pinned] * 2


def test_the_plan_tells_of_every_scale_set_and_changes_nothing(system: System) -> None:
    scale_sets = system.small(2)
    body = {
        "image": {"version": NEW},
        "waves": [{"name": "all", "scaleSets": scale_sets}],
    }
    system.azure.delete("/_sim/requests")
    answer = system.api.post("/api/fleet-rollouts/plan", json=body)
    assert answer.status_code == 200, answer.text
    (wave,) = answer.json()["waves"]
    assert [(one["batches"], one["instances"]) for one in wave["scaleSets"]] == [(2, 2), (2, 2)]
    assert not system.requests("P")


def test_a_terminated_rollout_is_noticed_by_its_wave(system: System) -> None:
    (scale_set,) = system.small(1)
    system.start_fleet([{"name": "all", "scaleSets": [scale_set]}], id="gone-1")
    system.fleet_until("gone-1", lambda view: view["counts"]["inProgress"] == 1)
    rollout = system.api.get("/api/fleet-rollouts/gone-1/scale-sets").json()[0]["rolloutId"]
    hooks = "/runtime/webhooks/durabletask/instances"
    system.api.post(f"{hooks}/{rollout}/terminate?reason=enough")
    view = system.finish_fleet("gone-1")
    assert (view["phase"], view["waves"][0]["cells"]) == ("Failed", "a")
    assert "Terminated through Durable" in view["message"]


def test_its_history_grows_with_its_scale_sets_and_not_with_their_polls(system: System) -> None:
    def history(fleet_id: str, interval: str) -> int:
        """The rows of a fleet rollout and its wave, of scale sets that are looked at so often."""
        waves = [{"name": "all", "scaleSets": system.small(2)}]
        policy = {"health": {"interval": interval, "stable": "PT3M", "timeout": "PT10M"}}
        system.start_fleet(waves, id=fleet_id, policy=policy)
        assert system.finish_fleet(fleet_id)["phase"] == "Succeeded"
        hooks = "/runtime/webhooks/durabletask/instances"
        told = [
            system.api.get(f"{hooks}/{one}", params={"showHistory": "true"}).json()
            for one in (fleet_id, f"{fleet_id}:wave-1")
        ]
        return sum(len(one["historyEvents"]) for one in told)

    assert history("often", "PT5S") <= history("seldom", "PT1M") + 4
