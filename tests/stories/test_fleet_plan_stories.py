"""What a fleet rollout would do, before it does it."""

from typing import Any

from story import NEW, OLD, System
from waves import images

type Json = dict[str, Any]


def plan(system: System, waves: list[Json], **request: Any) -> Any:
    body = {"image": {"version": NEW}, "waves": waves, **request}
    return system.api.post("/api/fleet-rollouts/plan", json=body)


def test_the_plan_says_from_what_to_what_how_long_and_what_is_down(system: System) -> None:
    waves = [
        {"name": "canary", "scaleSets": system.small(1), "bakeAfter": "PT2H"},
        {"name": "prod", "scaleSets": system.small(2), "maxConcurrent": 2},
    ]
    told = plan(system, waves).json()
    (before,) = told["fromImages"]
    assert (before["version"], told["image"]["version"]) == (OLD, NEW)
    assert (told["instances"], told["worstCaseDown"]) == (6, 2)
    member = told["waves"][0]["scaleSets"][0]
    assert (member["image"]["from"]["version"], member["image"]["to"]["version"]) == (OLD, NEW)
    assert (member["shortest"], member["worstCaseDown"]) == ("PT2M", 1)
    assert [wave["shortest"] for wave in told["waves"]] == ["PT2H2M", "PT2M"]
    assert (told["shortest"], told["longest"]) == ("PT2H4M", "PT3H1M")


def test_a_start_that_names_its_plan_is_refused_when_the_plan_is_another(system: System) -> None:
    scale_sets = system.small(2)
    waves = [{"name": "all", "scaleSets": scale_sets}]
    fingerprint = plan(system, waves).json()["fingerprint"]
    system.run(scale_sets[0])
    refused = system.start_fleet(waves, id="planned-1", plan=fingerprint)
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (409, "plan")
    now = plan(system, waves).json()["fingerprint"]
    assert system.start_fleet(waves, id="planned-1", plan=now).status_code == 202
    assert system.finish_fleet("planned-1")["phase"] == "Succeeded"


def test_an_image_that_no_scale_set_can_take_is_refused(system: System) -> None:
    scale_sets = system.small(10)
    waves = [{"name": "all", "scaleSets": scale_sets, "maxFailedScaleSets": 3}]
    nowhere = {"version": "99.1.1"}
    for answer in (
        plan(system, waves, image=nowhere),
        system.start_fleet(waves, id="nowhere-1", image=nowhere),
    ):
        assert (answer.status_code, answer.json()["errors"][0]["path"]) == (404, "image")
        assert "None of the 10 scale set(s) can take the image" in answer.json()["detail"]
    assert system.api.get("/api/fleet-rollouts/nowhere-1").status_code == 404
    assert images(system, scale_sets) == [OLD] * 10
    system.azure.delete("/_sim/requests")
