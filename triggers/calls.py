"""Every HTTP call of the app: its name in Functions, its method, its path below /api, and its key.

All that Functions must know when the app starts. What answers a call is imported with the first
one: it takes longer than everything else that the app's start needs.
"""

from collections.abc import Mapping
from typing import NamedTuple

from azure.functions import AuthLevel


class Address(NamedTuple):
    """Where a call is made. `level` is the kind of key that it takes."""

    methods: tuple[str, ...]
    path: str
    level: AuthLevel = AuthLevel.FUNCTION


def _get(path: str, level: AuthLevel = AuthLevel.FUNCTION) -> Address:
    return Address(("GET",), path, level)


def _post(path: str) -> Address:
    return Address(("POST",), path)


def _delete(path: str) -> Address:
    return Address(("DELETE",), path)


_VERBS = ("resume", "approve", "retry", "skip", "pause", "abort", "rollback", "breakGlass")

UNKNOWN = "zz_unknown_call"
"""The Functions host asks its routes in the order of their functions' names, and takes the first
that matches: this one matches everything, and must come last. It wants a key like every other
call: it shows no more than the contract does, but a stranger could have the app run for nothing.
"""

CALLS: Mapping[str, Address] = {
    "start_rollout": _post("rollouts"),
    "plan_rollout": _post("rollouts/plan"),
    "list_rollouts": _get("rollouts"),
    "view_rollout": _get("rollouts/{id}"),
    "rollout_status": _get("rollouts/{id}/status"),
    "list_instances": _get("rollouts/{id}/instances"),
    "list_events": _get("rollouts/{id}/events"),
    "manage_rollout": _get("rollouts/{id}/management", AuthLevel.ADMIN),
    **{f"{verb}_rollout": _post(f"rollouts/{{id}}/{verb}") for verb in _VERBS},
    "start_fleet_rollout": _post("fleet-rollouts"),
    "plan_fleet_rollout": _post("fleet-rollouts/plan"),
    "list_fleet_rollouts": _get("fleet-rollouts"),
    "view_fleet_rollout": _get("fleet-rollouts/{id}"),
    "fleet_rollout_status": _get("fleet-rollouts/{id}/status"),
    "list_fleet_scale_sets": _get("fleet-rollouts/{id}/scale-sets"),
    "list_fleet_events": _get("fleet-rollouts/{id}/events"),
    "manage_fleet_rollout": _get("fleet-rollouts/{id}/management", AuthLevel.ADMIN),
    **{f"{verb}_fleet_rollout": _post(f"fleet-rollouts/{{id}}/{verb}") for verb in _VERBS},
    "list_followed_images": _get("followed-images"),
    "list_followed_events": _get("followed-images/{id}/events"),
    "view_line": _get("stop-the-line"),
    "list_line_events": _get("stop-the-line/events"),
    "stop_line": _post("stop-the-line"),
    "lift_line": _delete("stop-the-line"),
    "view_news": _get("news"),
    "test_news": _post("news/test"),
    "answer_callback": Address(("POST",), "callbacks/{token}", AuthLevel.ANONYMOUS),
    "list_scale_sets": _get("scale-sets"),
    "view_scale_set": _get("scale-sets/{resourceGroup}/{name}"),
    "list_scale_set_images": _get("scale-sets/{resourceGroup}/{name}/images"),
    "view_scale_set_rights": _get("scale-sets/{resourceGroup}/{name}/rights"),
    "list_presets": _get("policies/presets"),
    "view_health": _get("health"),
    "openapi": _get("openapi.json"),
    "dashboard": _get("dashboard", AuthLevel.ANONYMOUS),
    "dashboard_file": _get("dashboard/{*file}", AuthLevel.ANONYMOUS),
    UNKNOWN: Address(("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"), "{*rest}"),
}
