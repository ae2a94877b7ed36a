"""What a story about fleet rollouts needs."""

from typing import Any

from gated import gate
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


def wave_gate(url: str, name: str = "errors", **fields: Any) -> Json:
    return gate(url, "wave", name, **fields)


def two_waves(system: System, *gates: Json, **fields: Any) -> tuple[str, list[str]]:
    """A fleet rollout of two waves, a scale set each, with these gates; and its scale sets."""
    first, second = system.small(1), system.small(1)
    second_wave = {"name": "prod", "scaleSets": second, **fields.pop("prod", {})}
    waves = [{"name": "canary", "scaleSets": first}, second_wave]
    answer = system.start_fleet(waves, policy={"gates": list(gates)}, **fields)
    assert answer.status_code == 202, answer.text
    return answer.json()["id"], [*first, *second]
