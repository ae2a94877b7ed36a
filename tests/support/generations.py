"""Rollouts that go on as new, and how to bring that about."""

from typing import Any

from story import System

LONGEST_HISTORY = 500
"""Rows: each turn replays all of them."""
ONE_BY_ONE = {
    "approval": "everyBatch",
    "maxBatchInstances": 1,
    "health": {"interval": "PT15S", "stable": "PT0S"},
}
QUICK = {"upgradeDuration": "PT1S", "bootDuration": "PT0S"}

Json = dict[str, Any]


def asks(view: Json) -> bool:
    return view["phase"] == "AwaitingApproval"


def tell(system: System, path: str, verb: str, **body: Any) -> None:
    answer = system.api.post(f"{path}/{verb}", json={"by": "ann", **body})
    assert answer.status_code == 202, answer.text
    system.host.wait_idle()


def histories(system: System, instance: str) -> dict[str, int]:
    """The rows of the histories of an orchestration and its parts."""
    store = system.host.store
    own = [each.id for each in store.instances() if each.id.startswith(instance)]
    return {each: len(store.history(each)) for each in own}


def generation(system: System, instance: str) -> int:
    return next(each.generation for each in system.host.store.instances() if each.id == instance)


def waiting(system: System, **scale_set: Any) -> tuple[str, str]:
    """A scale set, and its rollout, which asks for the approval of its first batch."""
    target = system.scale_set(**{"capacity": 10, **QUICK, **scale_set})
    rollout = system.start(target, policy=ONE_BY_ONE).json()["id"]
    system.until(rollout, asks)
    return target, rollout


def pause_and_resume(system: System, rollout: str, times: int) -> None:
    for _ in range(times):
        tell(system, f"/api/rollouts/{rollout}", "pause")
        tell(system, f"/api/rollouts/{rollout}", "resume")


def approve_all(system: System, rollout: str) -> Json:
    """Each batch as it asks, to the end."""

    def asks_or_is_over(view: Json) -> bool:
        return asks(view) or view["finishedAt"] is not None

    while asks(view := system.until(rollout, asks_or_is_over)):
        tell(system, f"/api/rollouts/{rollout}", "approve")
        system.until(rollout, lambda view: view["phase"] != "AwaitingApproval")
    return view
