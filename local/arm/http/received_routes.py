"""The receiver of hooks, callbacks and news, under /_sim: local only, like all controls."""

from asyncio import Task, create_task, sleep
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import httpx
import orjson
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.arm.base import Declared, Json, bad_request, instant
from local.arm.http.answer import empty_answer, json_answer
from local.arm.http.problem import invalid, problem
from local.arm.model import Answered, Azure, BoxAnswer, Received

_BOX = "/_sim/received/{box}"
_EVERY = "/_sim/received"
_ANSWERS = "/_sim/answers"
_ANSWER = "/_sim/answers/{box}"
_LOOK_SECONDS = 0.1


def received_routes(azure: Azure) -> list[Route]:
    receiver = _Receiver(azure)
    return [
        Route(_BOX, receiver.receive, methods=["POST"]),
        Route(_BOX, receiver.shown, methods=["GET"]),
        Route(_BOX, receiver.set_answer, methods=["PUT"]),
        Route(_EVERY, receiver.shown, methods=["GET"]),
        Route(_EVERY, receiver.forget, methods=["DELETE"]),
        Route(_ANSWERS, receiver.answer, methods=["POST"]),
        Route(_ANSWERS, receiver.answers, methods=["GET"]),
        Route(_ANSWER, receiver.forget_answer, methods=["DELETE"]),
    ]


def received_body(received: Received) -> Json:
    """`body` is the text as it came, and `json` what it says, if it is JSON."""
    return {
        "at": instant(received.at),
        "box": received.box,
        "query": received.query,
        "headers": dict(received.headers),
        "body": received.body,
        "json": received.json,
        "status": received.status,
        "answers": [_answered_body(each) for each in received.answers],
    }


def answer_bodies(answers: Mapping[str, BoxAnswer]) -> list[Json]:
    """As they were said, each with the name of its box."""
    return [{"box": box, **answer.model_dump(mode="json")} for box, answer in answers.items()]


def _answered_body(answered: Answered) -> Json:
    """`status` and `body` are what whoever had asked said to it; the status null if nobody did."""
    return {
        "at": instant(answered.at),
        "answer": dict(answered.answer),
        "status": answered.status,
        "body": answered.body,
    }


class _Given(Declared):
    """An answer to a question that came."""

    callback: str
    """The address in the question."""
    answer: dict[str, Any]


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
        received = Received(now, box, query, headers, text, answer.status)
        self._boxes.add(received)
        await sleep(answer.delay)
        await self._call_back(answer, received)
        return _sent(answer)

    async def _call_back(self, answer: BoxAnswer, asked: Received) -> None:
        """Answer a question at the address in it: at once, or when it is time."""
        if answer.answer is None or asked.callback is None:
            return
        answering = self._answer_later(asked, answer.answer, answer.after)
        if not answer.after:
            await answering
            return
        task = create_task(answering)
        self._answering.add(task)  # or nobody would hold it
        task.add_done_callback(self._answering.discard)

    async def _answer_later(self, asked: Received, said: Json, after: float) -> None:
        due = self._azure.clock.now() + timedelta(seconds=after)
        while self._azure.clock.now() < due:  # noqa: ASYNC110 - it may be moved by hand
            await sleep(_LOOK_SECONDS)
        await self._say(asked, said)

    async def _say(self, asked: Received, said: Json) -> Answered:
        """At the address in the question; kept beside it, with what came of it."""
        status, body = await _posted(str(asked.callback), said)
        answered = Answered(self._azure.clock.now(), said, status, body)
        asked.answers.append(answered)
        return answered

    async def answer(self, request: Request) -> Response:
        """As whoever was asked would: only at an address that a question has named."""
        try:
            given = _Given.from_json(await _json_of(request))
        except ValidationError as error:
            return invalid(error)
        asked = self._boxes.question(given.callback)
        if asked is None:
            detail = "No question with this callback came: GET /_sim/received lists what did."
            return problem(HTTPStatus.NOT_FOUND, detail)
        return json_answer(_answered_body(await self._say(asked, given.answer)))

    async def shown(self, request: Request) -> Response:
        box = request.path_params.get("box", "")
        return json_answer([received_body(each) for each in self._boxes.all(box)])

    async def set_answer(self, request: Request) -> Response:
        try:
            answer = BoxAnswer.from_json(await _json_of(request))
        except ValidationError as error:
            return invalid(error)
        self._boxes.set_answer(request.path_params["box"], answer)
        return empty_answer(HTTPStatus.NO_CONTENT)

    async def answers(self, _request: Request) -> Response:
        return json_answer(answer_bodies(self._boxes.answers))

    async def forget_answer(self, request: Request) -> Response:
        box = request.path_params["box"]
        if self._boxes.forget_answer(box):
            return empty_answer(HTTPStatus.NO_CONTENT)
        detail = f"Nobody has said what {box} answers: GET {_ANSWERS} lists what was said."
        return problem(HTTPStatus.NOT_FOUND, detail)

    async def forget(self, _request: Request) -> Response:
        self._boxes.clear()
        return empty_answer(HTTPStatus.NO_CONTENT)


def _sent(answer: BoxAnswer) -> Response:
    if answer.body is None:
        return Response(b"", answer.status, answer.headers)
    if isinstance(answer.body, str):
        return Response(answer.body, answer.status, answer.headers, "text/plain")
    return Response(orjson.dumps(answer.body), answer.status, answer.headers, "application/json")


async def _json_of(request: Request) -> Any:
    try:
        return orjson.loads(await request.body())
    except orjson.JSONDecodeError as error:
        raise bad_request(f"The request is not JSON: {error}.") from error


async def _posted(address: str, said: Json) -> tuple[int | None, str]:
    """The status and the body of what was answered; None, and why, if nobody was there."""
    async with httpx.AsyncClient(trust_env=False) as client:
        try:
            answer = await client.post(address, json=said)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return None, f"{address} does not answer: {error}"
    return answer.status_code, Received.text_of(answer.content)
