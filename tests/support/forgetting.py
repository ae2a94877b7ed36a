"""What a story about old rollouts needs."""

from datetime import timedelta
from typing import Any

from story import System

from rollout.watch import WATCH_ID

DURABLE = "/runtime/webhooks/durabletask"


def let_pass(world: System, **by: float) -> None:
    """The timer of the next night sees to what has become too old meanwhile."""
    world.host.wait_idle()
    world.clock.advance(timedelta(**by))
    world.host.wait_idle()


def clear_out(world: System) -> dict[str, Any]:
    """Run the timer now: what came of it."""
    assert world.api.post("/admin/functions/clear_out_daily", json={}).status_code == 202
    world.host.wait_idle()
    return world.api.get(f"{DURABLE}/instances/retention:daily").json()["output"]


def kept(world: System) -> set[str]:
    """The ids of everything that Durable keeps of rollouts."""
    listed = world.api.get(f"{DURABLE}/instances?top=1000").json()
    ids = {one["instanceId"] for one in listed if not one["instanceId"].startswith("@")}
    records = {
        f"record {one['entityId']['key'].partition(':')[0]}"
        for entity in ("rollout_record", "rollout_log")
        for one in world.api.get(f"{DURABLE}/entities/{entity}").json()
    }
    return ids - {"retention:daily", WATCH_ID} | records


def listed(world: System) -> list[str]:
    return [one["id"] for one in world.api.get("/api/rollouts").json()]
