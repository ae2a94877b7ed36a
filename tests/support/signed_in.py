"""Callers as App Service authentication hands them to the app."""

import json
from base64 import b64encode

import pytest

HEADER = "x-ms-client-principal"
_MICROSOFT = "http://schemas.microsoft.com/identity/claims"


def principal(name: str, *roles: str, subject: str = "") -> str:
    """The header's value for a person of that name with these app roles."""
    claims = [
        ("preferred_username", name),
        (f"{_MICROSOFT}/objectidentifier", subject or f"id of {name}"),
        (f"{_MICROSOFT}/tenantid", "t-1"),
        *(("roles", role) for role in roles),
    ]
    document = {
        "auth_typ": "aad",
        "name_typ": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        "role_typ": "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
        "claims": [{"typ": kind, "val": value} for kind, value in claims],
    }
    return b64encode(json.dumps(document).encode()).decode()


def as_(name: str, *roles: str) -> dict[str, str]:
    """The headers of a call by that person."""
    return {HEADER: principal(name, *roles)}


def authenticated(monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    """App Service authentication is on, and these settings are set."""
    monkeypatch.setenv("WEBSITE_AUTH_ENABLED", "True")
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
