"""A fleet rollout that must not begin, and says why."""

from typing import Any

import pytest
from story import NEW, System

type Json = dict[str, Any]

NO_TAGS: Json = {}
NOWHERE = (
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/demo"
    "/providers/Microsoft.Compute/virtualMachineScaleSets/nowhere"
)
GOLDEN = (
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/demo"
    "/providers/Microsoft.Compute/galleries/golden/images/web/versions/1.0.0"
)


def errors(answer: Any) -> dict[str, str]:
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return {one["path"]: one["message"] for one in answer.json()["errors"]}


@pytest.mark.parametrize(
    ("waves", "path"),
    [
        pytest.param([], "waves", id="no waves"),
        pytest.param([{"name": "a"}], "waves[0]", id="no scale sets"),
        pytest.param(
            [{"name": "a", "scaleSets": [NOWHERE], "selector": {"tags": {"a": "b"}}}],
            "waves[0]", id="both forms",
        ),
        pytest.param(
            [{"name": "a", "selector": {"tags": NO_TAGS}}],
            "waves[0].selector.tags", id="no tags",
        ),
        pytest.param(
            [{"name": "a", "scaleSets": ["web"]}], "waves[0].scaleSets[0]", id="no ARM id"
        ),
        pytest.param(
            [{"name": "a", "scaleSets": [NOWHERE], "maxConcurrent": 0}],
            "waves[0].maxConcurrent", id="nothing at once",
        ),
        pytest.param(
            [{"name": "a", "scaleSets": [NOWHERE]}, {"name": "A", "scaleSets": [NOWHERE]}],
            "$", id="two waves of one name",
        ),
    ],
)  # fmt: skip
def test_what_is_no_fleet_rollout_is_refused(system: System, waves: list[Any], path: str) -> None:
    assert path in errors(system.start_fleet(waves))


def test_scale_sets_that_are_not_there_or_stand_in_two_waves_are_named(system: System) -> None:
    (there,) = system.small(1)
    (automatic,) = system.small(1, upgradePolicy="Automatic")
    waves = [
        {"name": "a", "scaleSets": [there, NOWHERE, automatic]},
        {"name": "b", "scaleSets": [there.upper().replace("/SUBSCRIPTIONS", "/subscriptions")]},
        {"name": "c", "selector": {"tags": {"nobody": "has this"}}},
    ]
    told = errors(system.start_fleet(waves))
    assert set(told) == {
        "waves[0].scaleSets[1]",
        "waves[0].scaleSets[2]",
        "waves[1].scaleSets[0]",
        "waves[2].selector",
    }
    assert "Automatic: set upgradePolicy.mode to Manual first" in told["waves[0].scaleSets[2]"]
    assert "it can only be rolled once" in told["waves[1].scaleSets[0]"]


def test_an_image_of_another_kind_is_refused_before_the_first_wave_moves(system: System) -> None:
    (platform,) = system.small(1)
    (golden,) = system.small(1, image={"id": GOLDEN})
    waves = [{"name": "a", "scaleSets": [platform]}, {"name": "b", "scaleSets": [golden]}]
    told = errors(system.start_fleet(waves))
    assert set(told) == {"waves[1].scaleSets[0]"}
    assert "give a custom image" in told["waves[1].scaleSets[0]"]


def test_the_same_start_again_starts_nothing_new(system: System) -> None:
    waves = [{"name": "all", "scaleSets": system.small(1)}]
    assert system.start_fleet(waves, id="same-1").status_code == 202
    assert system.start_fleet(waves, id="same-1").status_code == 202
    other = system.start_fleet(waves, id="same-1", reason="another")
    assert (other.status_code, other.json()["title"]) == (409, "The id is taken")
    system.finish_fleet("same-1")
    assert system.start_fleet(waves, id="same-1").status_code == 200


def test_scale_sets_of_an_active_fleet_rollout_are_refused(system: System) -> None:
    scale_sets = system.small(2)
    system.start_fleet([{"name": "all", "scaleSets": scale_sets}], id="overlap-1")
    answer = system.start_fleet([{"name": "one", "scaleSets": scale_sets[1:]}], id="overlap-2")
    assert (answer.status_code, answer.json()["rolloutId"]) == (409, "overlap-1")
    system.finish_fleet("overlap-1")


def test_an_age_of_a_platform_image_is_refused(system: System) -> None:
    waves = [{"name": "all", "scaleSets": system.small(1), "minimumImageAge": "P1D"}]
    assert "waves[0].minimumImageAge" in errors(system.start_fleet(waves))


def test_verbs_about_instances_are_told_to_the_rollout(system: System) -> None:
    waves = [{"name": "all", "scaleSets": system.small(1)}]
    system.start_fleet(waves, id="verbs-1")
    assert system.api.post("/api/fleet-rollouts/verbs-1/skip").status_code == 409
    answer = system.api.post("/api/fleet-rollouts/verbs-1/abort", json={"instanceIds": ["0"]})
    assert "instanceIds" in errors(answer)
    answer = system.api.post("/api/fleet-rollouts/verbs-1/approve")
    assert answer.status_code == 409
    assert "it takes: pause, abort, rollback" in answer.json()["detail"]
    system.finish_fleet("verbs-1")


@pytest.mark.parametrize("path", ["", "/scale-sets", "/events", "/abort"])
def test_an_unknown_fleet_rollout_is_not_found(system: System, path: str) -> None:
    method = "POST" if path == "/abort" else "GET"
    answer = system.api.request(method, f"/api/fleet-rollouts/nobody{path}")
    assert answer.status_code == 404
    assert "GET /api/fleet-rollouts lists those there are" in answer.json()["detail"]


def test_a_rollout_is_no_fleet_rollout_and_the_other_way_round(system: System) -> None:
    (scale_set,) = system.small(1)
    system.start(scale_set, id="kind-1", image={"version": NEW})
    assert system.api.get("/api/fleet-rollouts/kind-1").status_code == 404
    system.finish("kind-1")
    system.start_fleet([{"name": "all", "scaleSets": [scale_set]}], id="kind-2")
    assert system.api.get("/api/rollouts/kind-2").status_code == 404
    system.finish_fleet("kind-2")
