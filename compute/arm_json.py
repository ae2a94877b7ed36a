"""Reads Azure's responses as plain JSON."""

from collections.abc import Iterator
from typing import Any

from azure.core.rest import HttpRequest

from compute.client import connect
from compute.json_body import Body

API_VERSION = "2026-04-01"
"""What azure-mgmt-compute 39.0.0 sends for scale sets, their instances, and VMs."""


def get_json(subscription: str, url: str) -> Body:
    """One GET of a path or URL. Raises azure.core's HttpResponseError."""
    response = connect(subscription).send_request(HttpRequest("GET", url))
    response.raise_for_status()
    return response.json()


def list_json(subscription: str, url: str) -> Iterator[dict[str, Any]]:
    """The items of a paged list; `nextLink` is used as it is. Raises HttpResponseError."""
    next_url: str | None = url
    while next_url:
        page = get_json(subscription, next_url)
        yield from page["value"]
        next_url = page.get("nextLink")
