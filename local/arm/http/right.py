"""The right that a call needs: an action of Azure's access control, on a scope."""

import re
from typing import NamedTuple

_PARTS = re.compile(
    r"(?P<root>/subscriptions/[^/]+)(?P<group>/resourceGroups/[^/]+)?"
    r"(?P<provider>/providers/(?P<namespace>[^/]+))?(?:/(?P<rest>.*))?",
    re.IGNORECASE,
)
_EXTENSION = "/providers/Microsoft.Authorization/"
"""What follows it belongs to the resource before it."""
_METRICS = "/metrics:getBatch"
"""Documented to need Monitoring Reader on the subscription; the action is that role's."""
_VERBS = {"GET": "read", "HEAD": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}


class Right(NamedTuple):
    """An action such as Microsoft.Compute/virtualMachineScaleSets/read, and on what."""

    action: str
    scope: str

    @classmethod
    def needed(cls, method: str, path: str) -> "Right":
        """The right that a call needs.

        Types and names alternate in a path; the last type of a POST is the action. Lists need the
        right on the provider in its group, or on the subscription outside of groups, as real
        answers show (Azure/azure-sdk-for-net 1157, Azure/vagrant-azure 164).
        """
        of, extends, own = path.rstrip("/").rpartition(_EXTENSION)
        if extends and "/providers/" in of:
            return cls(f"Microsoft.Authorization/{own}/{_VERBS.get(method, 'action')}", of)
        if path.endswith(_METRICS):
            return cls("Microsoft.Insights/metrics/read", path.removesuffix(_METRICS))
        match = _PARTS.fullmatch(path.rstrip("/"))
        if match is None or match["namespace"] is None:
            return cls(f"Microsoft.Resources/subscriptions/{_VERBS.get(method, 'action')}", path)
        parts = (match["rest"] or "").split("/")
        action = "/".join([match["namespace"], *parts[::2], _VERBS.get(method, "action")])
        if not match["group"]:
            return cls(action, match["root"])
        provider = f"{match['root']}{match['group']}{match['provider']}"
        names = len(parts) // 2 * 2
        return cls(action, "/".join([provider, *parts[:names]]))
