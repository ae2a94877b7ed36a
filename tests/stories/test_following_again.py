"""A version that moved nobody can start again; one that touched an instance cannot by itself."""

from following import followed, follower, publish, rollouts_of, settle, told, versions
from story import System


def test_a_version_whose_image_was_refused_everywhere_can_start_again(
    system: System, image: str
) -> None:
    scale_sets = [follower(system, image), follower(system, image)]
    for scale_set in scale_sets:
        refused = {"method": "PATCH", "status": 403, "scaleSet": scale_set.rsplit("/", 1)[-1]}
        system.fault("denied", **refused)
    publish(system, image, "1.0.1")
    settle(system)
    one = followed(system, image)
    assert one["state"] == "notRolled"
    assert "It moved nobody, so the version can start again" in one["message"]
    first = one["fleetRolloutId"]
    assert system.fleet(first)["phase"] == "Failed"
    system.azure.delete("/_sim/faults")
    publish(system, image, "1.0.1", tags={"again": "please"})
    settle(system)
    one = followed(system, image)
    assert (one["state"], one["fleetRolloutId"]) == ("rolled", f"{first}~2")
    assert versions(system, *scale_sets) == ["1.0.1", "1.0.1"]
    publish(system, image, "1.0.1", tags={"again": "no"})
    settle(system)
    assert len(rollouts_of(system, scale_sets[1])) == 1


def test_an_image_that_is_not_found_just_after_its_replication_is_tried_again(
    system: System, image: str
) -> None:
    scale_set = follower(system, image)
    error = {"code": "GalleryImageNotFound", "message": "not found", "target": "imageReference"}
    name = scale_set.rsplit("/", 1)[-1]
    system.fault(
        "rewrite", scaleSet=name, method="PATCH", status=404, body={"error": error}, count=4
    )
    publish(system, image, "1.0.1")
    settle(system)
    assert versions(system, scale_set) == ["1.0.1"]
    assert followed(system, image)["state"] == "rolled"


def test_a_bad_image_is_not_tried_on_the_same_instances_again(system: System, image: str) -> None:
    scale_set = follower(system, image)
    system.fault("badImage", version="1.0.1")
    publish(system, image, "1.0.1")
    settle(system)
    assert followed(system, image)["state"] == "rolled"
    publish(system, image, "1.0.1", tags={"again": "please"})
    settle(system)
    assert len(rollouts_of(system, scale_set)) == 1
    said = [one["message"] for one in told(system, image)]
    assert said.count("Version 1.0.1 was published") == 1


def test_one_that_was_aborted_before_it_moved_anybody_stays_aborted(
    system: System, image: str
) -> None:
    scale_set = follower(system, image)
    system.fault("throttle", method="PATCH", scaleSet=scale_set.rsplit("/", 1)[-1], retryAfter=600)
    publish(system, image, "1.0.1")
    fleet = followed(system, image)["fleetRolloutId"]
    assert system.api.post(f"/api/fleet-rollouts/{fleet}/abort").status_code == 202
    settle(system)
    system.azure.delete("/_sim/faults")
    publish(system, image, "1.0.1", tags={"again": "please"})
    settle(system)
    assert versions(system, scale_set) == ["1.0.0"]
