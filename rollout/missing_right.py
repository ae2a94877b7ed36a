"""Which right the app's identity lacks, as Azure Resource Manager says it, and how to grant it."""

import re
from dataclasses import dataclass

_LACKS = re.compile(
    r"does not have (?:authorization|permission) to perform action(?:\(s\))? '(?P<action>[^',]+)"
    r"[^']*' (?:over scope|on the linked scope\(s\)) '(?P<scope>/[^',]+)"
)
"""AuthorizationFailed and LinkedAuthorizationFailed, as real answers are quoted in public issues
(Azure/azure-cli 29802, Azure/vagrant-azure 164, Azure/aad-pod-identity 613). Where several scopes
are named, this is the first.
"""
_CLIENT = re.compile(r"with object id '(?P<id>[^']+)'")
_ASSIGNABLE = re.compile(
    r"/subscriptions/[^/]+(?:/resourceGroups/[^/]+(?:/providers/[^/]+/[^/]+/[^/]+)?)?",
    re.IGNORECASE,
)
_ROLES = (
    (r"Microsoft\.Compute/.*/read", "Reader"),
    (r"Microsoft\.Compute/.*", "Virtual Machine Contributor"),
    (r"Microsoft\.Network/.*", "Network Contributor"),
    (r"Microsoft\.ManagedIdentity/.*", "Managed Identity Operator"),
)
"""Azure's built-in roles that hold what this app may need, the smallest first."""


@dataclass(frozen=True)
class MissingRight:
    """An action that `object_id` (the app's identity) may not perform on `scope`."""

    action: str
    scope: str
    object_id: str

    @classmethod
    def told_by(cls, message: str) -> "MissingRight | None":
        """What the message of a 403 says is missing; None when it says nothing of the kind."""
        lacks = _LACKS.search(message)
        if lacks is None:
            return None
        client = _CLIENT.search(message)
        object_id = client["id"] if client else "<object id of the app's identity>"
        return cls(lacks["action"], lacks["scope"], object_id)

    @property
    def role(self) -> str:
        """A built-in role that holds the action."""
        matching = (
            role for pattern, role in _ROLES if re.fullmatch(pattern, self.action, re.IGNORECASE)
        )
        return next(matching, f"<a role with {self.action}>")

    @property
    def assignable_scope(self) -> str:
        """The nearest scope for which roles are assigned: a resource, its group, or the
        subscription, because images of the platform belong to nobody's group.
        """
        match = _ASSIGNABLE.match(self.scope)
        return match[0] if match else self.scope

    @property
    def grant(self) -> str:
        """The command that grants it."""
        return (
            f"az role assignment create --assignee-object-id {self.object_id} "
            f'--assignee-principal-type ServicePrincipal --role "{self.role}" '
            f"--scope {self.assignable_scope}"
        )

    def __str__(self) -> str:
        return (
            f"The app's identity lacks the right {self.action} on {self.scope}. Grant it with: "
            f"{self.grant} (it can take some minutes until that is known everywhere)"
        )
