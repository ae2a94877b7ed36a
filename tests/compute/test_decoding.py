"""What Azure answers is decoded once, by us; an answer that breaks off is no answer."""

from codecs import BOM_UTF8
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from azure.core.pipeline.policies import ContentDecodePolicy
from paged_azure import WEB, PagedAzure, paged_azure, refused
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from compute import scale_sets
from compute.scale_set_list import list_scale_sets
from local.base.server import Server
from local.system import app_settings
from rollout.base import ArmErrorKind


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[PagedAzure]:
    with paged_azure(monkeypatch) as one:
        yield one


def test_the_sdk_decodes_nothing_of_what_we_read(
    world: PagedAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[str] = []
    usual: Any = ContentDecodePolicy.deserialize_from_http_generics

    def watching(_: ContentDecodePolicy, response: Any, encoding: str | None) -> object:
        decoded.append(response.request.url)
        return usual(response, encoding)

    monkeypatch.setattr(ContentDecodePolicy, "deserialize_from_http_generics", watching)
    list_scale_sets(WEB.subscription, None)
    assert [url for url in decoded if "/virtualMachineScaleSets" in url]  # the SDK's own way
    decoded.clear()
    assert len(scale_sets.read_inventory(WEB, "auto").instances) == 4
    assert world.statuses("/virtualMachines") == [200] * 4
    assert decoded == []


def served(response: Response) -> Server:
    """An Azure that answers everything so, but for tokens."""

    async def answer(_: Request) -> Response:
        return response

    async def token(_: Request) -> Response:
        return Response(
            '{"access_token": "x", "expires_on": "4102444800", "token_type": "Bearer"}',
            media_type="application/json",
        )

    return Server(Starlette(routes=[Route("/msi/token", token), Route("/{path:path}", answer)]))


@pytest.mark.parametrize("length", ["4000", None])
def test_an_answer_that_breaks_off_is_no_answer(length: str | None) -> None:
    async def part() -> AsyncIterator[bytes]:
        yield b'{"name": "web", '
        raise ConnectionError("it breaks off")

    headers = {"Content-Length": length} if length else {}
    broken = StreamingResponse(part(), headers=headers, media_type="application/json")
    with served(broken) as arm, app_settings(arm.url):
        assert refused().kind is ArmErrorKind.UNAVAILABLE


def test_a_mark_of_the_byte_order_is_no_error() -> None:
    body = BOM_UTF8 + b'{"error": {"code": "Gone", "message": "no"}}'
    answer = Response(body, media_type="application/json")
    missing = pytest.raises(KeyError, match="properties")
    with served(answer) as arm, app_settings(arm.url), missing:
        scale_sets.read_scale_set(WEB)


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000, b'"text"', b""])
def test_what_is_no_object_is_no_answer(body: bytes) -> None:
    with served(Response(body, media_type="application/json")) as arm, app_settings(arm.url):
        assert refused().code == "UnreadableAnswerError"


def test_the_words_of_a_refusal_are_still_read() -> None:
    body = b'{"error": {"code": "AuthorizationFailed", "message": "You may not."}}'
    refusal = Response(body, 403, media_type="application/json")
    with served(refusal) as arm, app_settings(arm.url):
        error = refused()
    assert (error.status, error.code, error.message) == (403, "AuthorizationFailed", "You may not.")
