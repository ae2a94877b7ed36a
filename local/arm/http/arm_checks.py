"""What ARM itself answers, before a resource provider is asked."""

import re
from datetime import date

from starlette.datastructures import Headers, QueryParams
from starlette.responses import Response
from starlette.types import Scope

from local.arm.base import (
    SUBSCRIPTION,
    ArmError,
    invalid_api_version,
    invalid_subscription,
    no_registered_provider,
    resource_group_not_found,
    subscription_not_found,
)
from local.arm.http.answer import error_answer
from local.arm.http.audience import refusal_of_token
from local.arm.model import Azure

_CHALLENGE = 'Bearer authorization_uri="https://login.microsoftonline.com/", error="invalid_token"'
_API_VERSION = re.compile(r"(\d{4}-\d{2}-\d{2})(-preview|-privatepreview)?", re.IGNORECASE)
_OLDEST, _NEWEST = date(2015, 5, 1), date(2026, 4, 1)
"""Microsoft.Compute's api-versions begin in May 2015; the newest is what the pinned SDK sends. The
days in between are not told apart: which of them are versions, nobody has recorded.
"""
_WITHOUT_VERSION = "/v1/"
"""The path has it already, in the logs of Azure Monitor."""
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PLACE = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)(?:/resourceGroups/(?P<group>[^/]+))?(?:/.*)?",
    re.IGNORECASE,
)
_BY_THE_GATEWAY = {"x-ms-failure-cause": "gateway"}


def refusal_of_request(scope: Scope) -> Response | None:
    """The answer to a request without credentials (any will do, but the simulator's own for another
    part of Azure), or whose api-version is missing, none at all, or not served.
    """
    if not Headers(scope=scope).get("authorization"):
        message = "Authentication failed. The 'Authorization' header is missing."
        error = ArmError(401, "AuthenticationFailed", message)
        return error_answer(error, {"WWW-Authenticate": _CHALLENGE})
    if error := refusal_of_token(Headers(scope=scope)["authorization"], scope["path"]):
        return error_answer(error, {"WWW-Authenticate": _CHALLENGE})
    if scope["path"].startswith(_WITHOUT_VERSION):
        return None
    query = QueryParams(scope["query_string"]).items()
    version = next((value for name, value in query if name.lower() == "api-version"), None)
    if version is None:
        message = "The api-version query parameter (?api-version=) is required for all requests."
        return error_answer(ArmError(400, "MissingApiVersionParameter", message))
    return _refusal_of_version(version, scope["path"])


def _refusal_of_version(version: str, path: str) -> Response | None:
    match = _API_VERSION.fullmatch(version)
    try:
        day = date.fromisoformat(match[1]) if match else None
    except ValueError:
        day = None
    if day is None:
        return error_answer(invalid_api_version(version), _BY_THE_GATEWAY)
    if _OLDEST <= day <= _NEWEST:
        return None
    kind = path.partition("/providers/Microsoft.Compute/")[2].partition("/")[0]
    supported = f"from {_OLDEST} to {_NEWEST}"
    return error_answer(no_registered_provider(version, kind, supported), _BY_THE_GATEWAY)


def refusal_of_place(scope: Scope, azure: Azure) -> Response | None:
    """The answer to a request in a subscription or a resource group that is not there. Here, both
    are there as soon as something is in them; the subscription of the examples always is. A PUT
    passes: what cannot be made that way says how it can.
    """
    place = _PLACE.fullmatch(scope["path"])
    if place is None or scope["method"] == "PUT":
        return None
    error = _nowhere(place["subscription"], place["group"], azure)
    return None if error is None else error_answer(error, _BY_THE_GATEWAY)


def _nowhere(subscription: str, group: str | None, azure: Azure) -> ArmError | None:
    there = _groups(azure)
    if subscription.lower() not in {SUBSCRIPTION, *there}:
        known = _GUID.fullmatch(subscription) is not None
        return (subscription_not_found if known else invalid_subscription)(subscription)
    if group is not None and group.lower() not in there.get(subscription.lower(), set()):
        return resource_group_not_found(group)
    return None


def _groups(azure: Azure) -> dict[str, set[str]]:
    """The resource groups that something is in, by subscription; all in lower case."""
    found: dict[str, set[str]] = {}
    for resource in azure.resource_ids():
        place = _PLACE.fullmatch(resource.lower())
        if place and place["group"]:
            found.setdefault(place["subscription"], set()).add(place["group"])
    return found
