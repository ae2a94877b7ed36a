"""The permission the app's identity lacks, parsed from Azure's error, and how to grant it."""

import re
from dataclasses import dataclass

_LACKS = re.compile(
    r"does not have (?:authorization|permission) to perform action(?:\(s\))? '(?P<action>[^',]+)"
    r"[^']*' (?:over scope|on the linked scope\(s\)) '(?P<scope>/[^',]+)"
)
"""AuthorizationFailed and LinkedAuthorizationFailed, as quoted from real responses in public issues
(Azure/azure-cli 29802, Azure/vagrant-azure 164, Azure/aad-pod-identity 613). If several scopes are
named, this matches the first.
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
"""Azure's built-in roles that include what this app may need, the least powerful first."""


@dataclass(frozen=True)
class MissingRight:
    """An action that `object_id` (the app's identity) is not allowed to perform on `scope`."""

    action: str
    scope: str
    object_id: str

    @classmethod
    def in_message(cls, message: str) -> "MissingRight | None":
        """The permission that a 403's message reports as missing; None if it names none."""
        lacks = _LACKS.search(message)
        if lacks is None:
            return None
        client = _CLIENT.search(message)
        object_id = client["id"] if client else "<object id of the app's identity>"
        return cls(lacks["action"], lacks["scope"], object_id)

    @property
    def role(self) -> str:
        """A built-in role that includes the action."""
        matching = (
            role for pattern, role in _ROLES if re.fullmatch(pattern, self.action, re.IGNORECASE)
        )
        return next(matching, f"<a role with {self.action}>")

    @property
    def assignable_scope(self) -> str:
        """The nearest scope at which a role can be assigned: the resource, its resource group, or
        the subscription, because platform images are in no resource group.
        """
        match = _ASSIGNABLE.match(self.scope)
        return match[0] if match else self.scope

    @property
    def grant(self) -> str:
        """The command that grants the permission."""
        return (
            f"az role assignment create --assignee-object-id {self.object_id} "
            f'--assignee-principal-type ServicePrincipal --role "{self.role}" '
            f"--scope {self.assignable_scope}"
        )

    def __str__(self) -> str:
        return (
            f"The app's identity lacks the right {self.action} on {self.scope}. Grant it with: "
            f"{self.grant} (it can take some minutes to take effect)"
        )
