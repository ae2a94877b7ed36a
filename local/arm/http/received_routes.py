"""The receiver of hooks, callbacks and news, under /_sim: local only, like all controls."""

from asyncio import Task, create_task, sleep
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import httpx
import orjson
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.arm.base import Json, bad_request, instant
from local.arm.http.answer import empty_answer, json_answer
from local.arm.http.problem import invalid
from local.arm.model import Azure, BoxAnswer, Received

_BOX = "/_sim/received/{box}"
_EVERY = "/_sim/received"
_LOOK_SECONDS = 0.1


def received_routes(azure: Azure) -> list[Route]:
    receiver = _Receiver(azure)
    return [
        Route(_BOX, receiver.receive, methods=["POST"]),
        Route(_BOX, receiver.shown, methods=["GET"]),
        Route(_BOX, receiver.set_answer, methods=["PUT"]),
        Route(_EVERY, receiver.shown, methods=["GET"]),
        Route(_EVERY, receiver.forget, methods=["DELETE"]),
    ]


def received_body(received: Received) -> Json:
    """`body` is the text as it came, and `json` what it says, if it is JSON."""
    return {
        "at": instant(received.at),
        "box": received.box,
        "query": received.query,
        "headers": dict(received.headers),
        "body": received.body,
        "json": _read(received.body),
        "status": received.status,
    }


class _Receiver:
    def __init__(self, azure: Azure) -> None:
        self._azure = azure
        self._boxes = azure.received
        self._answering: set[Task[None]] = set()

    async def receive(self, request: Request) -> Response:
        """What came is listed before it is answered: also if nobody waits for the answer."""
        box = request.path_params["box"]
        text = Received.text_of(await request.body())
        answer = self._boxes.next_answer(box)
        now, query = self._azure.clock.now(), str(request.url.query)
        headers = dict(request.headers)
        self._boxes.add(Received(now, box, query, headers, text, answer.status))
        await sleep(answer.delay)
        await self._call_back(answer, _read(text))
        return _sent(answer)

    async def _call_back(self, answer: BoxAnswer, asked: Any) -> None:
        """Answer a question at the address in it: at once, or when it is time."""
        if answer.answer is None or not isinstance(asked, dict) or "callback" not in asked:
            return
        answering = self._answer(answer, str(asked["callback"]))  # pyright: ignore[reportUnknownArgumentType]
        if not answer.after:
            await answering
            return
        task = create_task(answering)
        self._answering.add(task)  # or nobody would hold it
        task.add_done_callback(self._answering.discard)

    async def _answer(self, answer: BoxAnswer, address: str) -> None:
        due = self._azure.clock.now() + timedelta(seconds=answer.after)
        while self._azure.clock.now() < due:  # noqa: ASYNC110 - it may be moved by hand
            await sleep(_LOOK_SECONDS)
        async with httpx.AsyncClient(trust_env=False) as client:
            # Where nobody is, nobody waits for the answer.
            with suppress(httpx.HTTPError, httpx.InvalidURL):
                await client.post(address, json=answer.answer)

    async def shown(self, request: Request) -> Response:
        box = request.path_params.get("box", "")
        return json_answer([received_body(each) for each in self._boxes.all(box)])

    async def set_answer(self, request: Request) -> Response:
        try:
            answer = BoxAnswer.from_json(orjson.loads(await request.body()))
        except orjson.JSONDecodeError as error:
            raise bad_request(f"The request is not JSON: {error}.") from error
        except ValidationError as error:
            return invalid(error)
        self._boxes.set_answer(request.path_params["box"], answer)
        return empty_answer(HTTPStatus.NO_CONTENT)

    async def forget(self, _request: Request) -> Response:
        self._boxes.clear()
        return empty_answer(HTTPStatus.NO_CONTENT)


def _sent(answer: BoxAnswer) -> Response:
    if answer.body is None:
        return Response(b"", answer.status, answer.headers)
    if isinstance(answer.body, str):
        return Response(answer.body, answer.status, answer.headers, "text/plain")
    return Response(orjson.dumps(answer.body), answer.status, answer.headers, "application/json")


def _read(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
