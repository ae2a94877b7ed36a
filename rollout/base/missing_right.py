"""Why Azure forbids something, parsed from its error: a permission that the app's identity lacks,
and how to grant it; or what no permission helps against.
"""

import re
from dataclasses import dataclass, replace

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
    object_id: str = "<object id of the app's identity>"

    @classmethod
    def in_message(cls, message: str) -> "MissingRight | None":
        """The permission that a 403's message reports as missing; None if it names none."""
        lacks = _LACKS.search(message)
        if lacks is None:
            return None
        missing = cls(lacks["action"], lacks["scope"])
        client = _CLIENT.search(message)
        return replace(missing, object_id=client["id"]) if client else missing

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


_DENY_ASSIGNMENT = re.compile(r"deny assignment with name '(?P<name>[^']*)'", re.IGNORECASE)
"""DenyAssignmentAuthorizationFailed, and what is linked (Azure/ARO-RP, pull request 423)."""
_POLICY_CODES = {"requestdisallowedbypolicy", "requestdisallowedbyazure"}
_LOCK_CODES = {"scopelocked", "readonlydisabledsubscription"}


def forbidden_because(code: str, message: str) -> str | None:
    """What forbids it, and what to do, if Azure's error says so: a missing right, or something that
    no role assignment helps against.
    """
    if denied := _DENY_ASSIGNMENT.search(message):
        return (
            f"The deny assignment '{denied['name']}' forbids it, and no role helps against that: "
            "have its owner exclude the app's identity"
        )
    if code.casefold() in _POLICY_CODES:
        return "An Azure Policy forbids it, and no role helps against that: have it exempt this"
    if code.casefold() in _LOCK_CODES:
        return "A lock forbids it, and no role helps against that: have the lock removed"
    lacking = MissingRight.in_message(message)
    return str(lacking) if lacking else None
