"""What a story about fleet rollouts needs."""

from typing import Any

from story import System

type Json = dict[str, Any]


def images(system: System, scale_sets: list[str]) -> list[str]:
    """The versions that run in each of these scale sets."""
    truths = [system.truth(one) for one in scale_sets]
    assert [one["violations"] for one in truths] == [[]] * len(truths)
    return [
        "+".join(sorted({each["image"].rsplit(":", 1)[-1] for each in one["instances"]}))
        for one in truths
    ]


def tell(system: System, fleet_id: str, verb: str, **body: Any) -> Json:
    """Say a verb, which is taken; how the fleet rollout looks once it was heard."""
    answer = system.api.post(f"/api/fleet-rollouts/{fleet_id}/{verb}", json=body)
    assert answer.status_code == 202, answer.text
    system.host.wait_idle()
    return system.fleet(fleet_id)


def logged(system: System, fleet_id: str, kind: str) -> list[Json]:
    """The events of that kind in the log of the fleet rollout."""
    events = system.api.get(f"/api/fleet-rollouts/{fleet_id}/events").json()
    return [event for event in events if event["kind"] == kind]
