"""Reads Azure's responses as plain JSON, and its lists to their ends."""

from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from azure.core.exceptions import AzureError, HttpResponseError
from azure.core.rest import HttpRequest
from pydantic_core import from_json

from compute.client import connect
from compute.json_body import Body

if TYPE_CHECKING:
    from azure.core.paging import ItemPaged

API_VERSION = "2026-04-01"
"""What azure-mgmt-compute 39.0.0 sends for scale sets, their instances, and VMs."""


_MOST_PAGES = 10_000


class UnreadableAnswerError(AzureError):
    """Azure answered 200 with something that cannot be what was asked for."""


class EndlessListError(AzureError):
    """A list of Azure's goes round in a circle, or does not end."""


@dataclass(frozen=True)
class Answer:
    """What Azure has answered, and its headers."""

    body: Body
    headers: Mapping[str, str]


def get_json(subscription: str, url: str) -> Body:
    """One GET of a path or URL. Raises azure.core's AzureError."""
    return get_answer(subscription, url).body


def get_answer(subscription: str, url: str) -> Answer:
    """The same with the headers.

    Streamed, since the SDK decodes what is not, and throws it away. (Of a thousand instances, ten
    pages of 0.3 MB.)
    """
    client = connect(subscription)
    try:
        response = client.send_request(HttpRequest("GET", url), stream=True)
    except ValueError as error:
        raise UnreadableAnswerError(f"the link that came with it is no URL: {error}") from error
    with response:
        content = response.read()
    if response.status_code != HTTPStatus.OK:
        raise HttpResponseError(response=response)
    return Answer(_decoded(content), response.headers)


def _decoded(content: bytes) -> Body:
    try:
        body: object = from_json(content.removeprefix(BOM_UTF8))
    except ValueError as error:
        raise UnreadableAnswerError(f"the answer is not JSON: {error}") from error
    if not isinstance(body, Mapping):
        raise UnreadableAnswerError("the answer is JSON, but no object")
    return cast("Body", body)


def list_json(subscription: str, url: str) -> Iterator[dict[str, Any]]:
    """The items of a paged list; `nextLink` is used as it is. Raises azure.core's AzureError."""
    for page in list_pages(subscription, url):
        yield from page.body["value"]


def list_pages(subscription: str, url: str) -> Iterator[Answer]:
    """The same page by page: each body has a list as its `value`."""
    links = _Links()
    next_url: str | None = links.checked(url)
    while next_url:
        page = get_answer(subscription, next_url)
        if not isinstance(page.body.get("value"), list):
            raise UnreadableAnswerError("the answer is a list without a value")
        yield page
        next_url = links.checked(page.body.get("nextLink"))


def every_item[T](paged: "ItemPaged[T]") -> Iterator[T]:
    """The items of a list as the SDK reads it. Raises azure.core's AzureError."""
    links, pages = _Links(), paged.by_page()
    for page in pages:
        yield from page
        links.checked(getattr(pages, "continuation_token", None))


class _Links:
    """The links of one list: each may be followed once."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def checked(self, link: str | None) -> str | None:
        """The link, if there is one. Raises EndlessListError."""
        if link is None:
            return None
        if link in self._seen:
            raise EndlessListError("the next page of the list is one that was read before")
        if len(self._seen) >= _MOST_PAGES:
            raise EndlessListError(f"the list has more than {_MOST_PAGES} pages")
        self._seen.add(link)
        return link
