"""What Azure asks of a caller: the RBAC action of an ARM call, and what the app's roles allow."""

import json
from collections.abc import Iterable
from functools import cache
from itertools import batched
from pathlib import Path
from typing import Any

ROLES = Path(__file__).parents[2] / "infra" / "role-actions.json"
PROVIDER = "/providers/"
_OF_MONITOR = {
    "/metrics:getBatch": "microsoft.insights/metrics/read",
    "/query": "microsoft.operationalinsights/workspaces/query/read",
}
"""Of the calls that Azure Resource Manager does not answer."""


def action_of(method: str, path: str) -> str:
    """The action of a call: the provider, the types in the path without the names, and what is done
    (documented: Azure resource provider operations). `GET …/virtualMachineScaleSets/web` is
    `Microsoft.Compute/virtualMachineScaleSets/read`, `POST …/web/manualupgrade` the action
    `…/manualupgrade/action`. In small letters, because Azure does not mind.
    """
    if of_monitor := next((action for end, action in _OF_MONITOR.items() if end in path), None):
        return of_monitor
    provider, *rest = path.partition("?")[0].rpartition(PROVIDER)[2].casefold().split("/")
    if method == "POST":
        *rest, verb = rest
        return "/".join([provider, *_types(rest), verb, "action"])
    done = {"GET": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}[method]
    return "/".join([provider, *_types(rest), done])


def _types(segments: list[str]) -> list[str]:
    """Types and names take turns; a list, or what there is one of, ends with a type."""
    return [pair[0] for pair in batched(segments, 2, strict=False)]


@cache
def roles() -> dict[str, Any]:
    return json.loads(ROLES.read_text())


def granted() -> set[str]:
    """The actions of the app's roles, in small letters."""
    return {one.casefold() for role in ("rollout", "images") for one in roles()[role]}


def monitored() -> set[str]:
    """What gates read, in small letters. The right to query logs is granted on their workspace."""
    return {*map(str.casefold, roles()["monitoring"]), _OF_MONITOR["/query"]}


def addressed() -> set[str]:
    """What hooks are told the private addresses by, in small letters."""
    return set(map(str.casefold, roles()["hooks"]))


def needed(requests: Iterable[dict[str, Any]]) -> set[str]:
    """The actions of these requests (those of `/_sim/requests`)."""
    return {action_of(one["method"], one["path"]) for one in requests}
