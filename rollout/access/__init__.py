"""Who may do what: permissions, the roles that give them, and who is signed in."""

from rollout.access.permission import Permission, needed_for
from rollout.access.principal import PRINCIPAL_HEADER, SignedIn, signed_in
from rollout.access.rules import AccessRules

__all__ = [
    "PRINCIPAL_HEADER",
    "AccessRules",
    "Permission",
    "SignedIn",
    "needed_for",
    "signed_in",
]
