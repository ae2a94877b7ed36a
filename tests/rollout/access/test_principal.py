"""Whom the header of App Service authentication names."""

import json
from base64 import b64encode
from typing import Any

import pytest

from rollout.access import AccessRules, signed_in

SCHEMAS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
MICROSOFT = "http://schemas.microsoft.com/identity/claims"
ROLE = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"


def header(*claims: tuple[str, str], **more: Any) -> str:
    listed = [{"typ": kind, "val": value} for kind, value in claims]
    document = {"auth_typ": "aad", "claims": listed, **more}
    return b64encode(json.dumps(document).encode()).decode()


@pytest.mark.parametrize(
    ("claims", "name", "identifier"),
    [
        ([("preferred_username", "ann"), ("name", "Ann"), ("oid", "o")], "ann", "/o"),
        ([(f"{SCHEMAS}/upn", "ann@x"), (f"{MICROSOFT}/objectidentifier", "o")], "ann@x", "/o"),
        ([("name", "Ann"), ("sub", "s"), ("tid", "t")], "Ann", "t/s"),
        ([("appid", "a-1"), ("oid", "o"), ("tid", "t")], "app a-1", "t/o"),
        ([("oid", "o")], "o", "/o"),
        ([("preferred_username", "ann\nInjected: line")], "ann Injected: line", ""),
    ],
)
def test_a_caller_has_a_name_and_an_id(
    claims: list[tuple[str, str]], name: str, identifier: str
) -> None:
    found = signed_in(header(*claims))
    assert found is not None
    assert (found.caller.name, found.caller.id) == (name, identifier)
    assert found.caller.how == "App Service authentication (aad)"


def test_roles_are_those_of_the_token() -> None:
    claims = [("name", "ann"), ("roles", "A"), (ROLE, "B"), ("custom", "C"), ("groups", "D")]
    found = signed_in(header(*claims, role_typ="custom"))
    assert found is not None
    assert found.roles == {"A", "B", "C"}


@pytest.mark.parametrize(
    "text",
    [None, "", "%", "e30=", b64encode(b"[]").decode(), b64encode(b"\xff").decode(), header()],
)
def test_what_names_nobody_is_nobody(text: str | None) -> None:
    assert signed_in(text) is None


def test_the_header_is_believed_only_while_authentication_is_on() -> None:
    ann = header(("name", "ann"))
    assert AccessRules().believed(ann) is None
    assert AccessRules(authenticated=True).believed(ann) is not None
