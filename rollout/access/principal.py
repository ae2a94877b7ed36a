"""The caller whom App Service authentication ("Easy Auth") has signed in.

It puts the claims of the token into a header that callers cannot set: base64 of
{"auth_typ", "name_typ", "role_typ", "claims": [{"typ", "val"}]} (Microsoft Learn, "Work with user
identities in Azure App Service authentication", Decode the client principal header).
"""

import binascii
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from rollout.base import Caller, Value, sentence

PRINCIPAL_HEADER = "x-ms-client-principal"
_SCHEMAS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
_MICROSOFT = "http://schemas.microsoft.com"
_NAMES = ("preferred_username", f"{_SCHEMAS}/upn", "upn", f"{_SCHEMAS}/emailaddress", "email")
_APPS = ("appid", "azp")
_OBJECTS = (f"{_MICROSOFT}/identity/claims/objectidentifier", "oid")
_SUBJECTS = (f"{_SCHEMAS}/nameidentifier", "sub")
_TENANTS = (f"{_MICROSOFT}/identity/claims/tenantid", "tid")
_ROLES = ("roles", f"{_MICROSOFT}/ws/2008/06/identity/claims/role")
_LONGEST = 200


@dataclass(frozen=True)
class SignedIn:
    """A caller with the app roles that its token has."""

    caller: Caller
    roles: frozenset[str] = frozenset()


class _Claim(Value):
    typ: str = ""
    val: str = ""


class _Principal(Value):
    """Microsoft's names are no camelCase."""

    auth_typ: str = ""
    name_typ: str | None = None
    role_typ: str | None = None
    claims: list[_Claim] = []

    def first(self, *kinds: str) -> str:
        """The value of the first of these kinds of claim that it has."""
        found = {claim.typ: claim.val for claim in reversed(self.claims) if claim.val}
        return next((found[kind] for kind in kinds if kind in found), "")

    def all(self, kinds: Sequence[str]) -> frozenset[str]:
        return frozenset(claim.val for claim in self.claims if claim.typ in kinds)


def signed_in(header: str | None) -> SignedIn | None:
    """The caller in that header; None if it has none, or nothing that names one."""
    try:
        text = b64decode(header or "", validate=True)
        data = _Principal.model_validate_json(text, by_alias=False, by_name=True)
    except (ValidationError, binascii.Error, ValueError):
        return None
    name = data.first(*_NAMES, data.name_typ or "", "name")
    app, subject = data.first(*_APPS), data.first(*_OBJECTS) or data.first(*_SUBJECTS)
    shown = name or (f"app {app}" if app else subject)
    if not shown:
        return None
    caller = Caller(
        name=sentence(shown, _LONGEST),
        id=sentence(f"{data.first(*_TENANTS)}/{subject}", _LONGEST) if subject else "",
        how=f"App Service authentication ({sentence(data.auth_typ, _LONGEST) or 'not said'})",
    )
    return SignedIn(caller, data.all([*_ROLES, data.role_typ or _ROLES[0]]))
