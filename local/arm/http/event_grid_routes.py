"""The simulated Event Grid over HTTP: subscriptions, deliveries, custom topics; all under /_sim."""

from asyncio import to_thread
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.arm.base import ArmError, Json, bad_request, is_object
from local.arm.bodies import subscription_body
from local.arm.event_grid import Dispatcher, SubscriptionSpec, topic_id
from local.arm.http.answer import empty_answer, json_answer
from local.arm.http.problem import problem
from local.arm.model import Azure

_SUBSCRIPTIONS = "/_sim/event-subscriptions"
_KEYS = ("aeg-sas-key", "aeg-sas-token", "authorization")
_NEEDED = ("id", "subject", "eventType", "eventTime", "dataVersion")
_NEEDED_OF_CLOUD_EVENTS = ("id", "source", "type")


def event_grid_routes(azure: Azure, dispatcher: Dispatcher) -> list[Route]:
    control = _Control(azure, dispatcher)
    served: list[tuple[str, str, Callable[[Request], Awaitable[Response]]]] = [
        ("POST", _SUBSCRIPTIONS, control.subscribe),
        ("GET", _SUBSCRIPTIONS, control.subscriptions),
        ("DELETE", _SUBSCRIPTIONS, control.unsubscribe_all),
        ("GET", f"{_SUBSCRIPTIONS}/{{name}}", control.subscription),
        ("DELETE", f"{_SUBSCRIPTIONS}/{{name}}", control.unsubscribe),
        ("POST", "/_sim/deliveries", control.deliver),
        ("POST", "/_sim/topics/{topic}/api/events", control.publish),
    ]
    return [Route(path, call, methods=[method]) for method, path, call in served]


class _Control:
    """Calls that wait for an endpoint run on a thread: it may call us before it answers."""

    def __init__(self, azure: Azure, dispatcher: Dispatcher) -> None:
        self._azure = azure
        self._grid = azure.event_grid
        self._dispatcher = dispatcher

    async def subscribe(self, request: Request) -> Response:
        spec = SubscriptionSpec.from_json(_json(await request.body()))
        await to_thread(self._dispatcher.subscribe, spec)
        return json_answer(self._shown(spec), 201)

    async def subscriptions(self, _request: Request) -> Response:
        return json_answer([self._shown(spec) for spec in self._grid.subscriptions])

    async def subscription(self, request: Request) -> Response:
        name = request.path_params["name"].lower()
        found = next((spec for spec in self._grid.subscriptions if spec.name.lower() == name), None)
        return _unknown(name) if found is None else json_answer(self._shown(found))

    async def unsubscribe(self, request: Request) -> Response:
        name = request.path_params["name"]
        with self._azure.changing():
            there = self._grid.unsubscribe(name)
        return empty_answer(204) if there else _unknown(name)

    async def unsubscribe_all(self, _request: Request) -> Response:
        with self._azure.changing():
            for spec in self._grid.subscriptions:
                self._grid.unsubscribe(spec.name)
        return empty_answer(204)

    async def deliver(self, _request: Request) -> Response:
        """Deliver what is due, and answer when that is done: tests need not wait for the thread."""
        attempts = await to_thread(self._dispatcher.deliver_due)
        return json_answer({"attempts": attempts})

    async def publish(self, request: Request) -> Response:
        """What the SDK's EventGridPublisherClient sends to a custom topic."""
        if not any(request.headers.get(name) for name in _KEYS):
            raise ArmError(
                401, "Unauthorized", "Send a key in the header aeg-sas-key; any will do."
            )
        name = request.path_params["topic"]
        events = _events(_json(await request.body()), name)
        with self._azure.changing() as now:
            for body in events:
                self._grid.publish(topic_id(name), body, now)
        return empty_answer(200)

    def _shown(self, spec: SubscriptionSpec) -> Json:
        with self._azure.settled():
            return subscription_body(spec, self._grid.deliveries(spec.name))


def _unknown(name: str) -> Response:
    detail = f"There is no event subscription {name!r}: GET {_SUBSCRIPTIONS} lists those there are."
    return problem(HTTPStatus.NOT_FOUND, detail)


def _json(raw_body: bytes) -> Any:
    try:
        return orjson.loads(raw_body)
    except orjson.JSONDecodeError as error:
        raise bad_request(f"The request is not JSON: {error}.") from error


def _events(sent: Any, topic: str) -> list[Json]:
    """Raises ArmError when one is not an event; then none is accepted, as in Azure."""
    listed = sent if isinstance(sent, list) else [sent]  # pyright: ignore[reportUnknownVariableType]
    return [_event(event, topic) for event in listed]  # pyright: ignore[reportUnknownVariableType]


def _event(sent: Any, topic: str) -> Json:
    event: Json = sent if is_object(sent) else {}
    is_cloud_event = "specversion" in event
    needed = _NEEDED_OF_CLOUD_EVENTS if is_cloud_event else _NEEDED
    if missing := [name for name in needed if event.get(name) is None]:
        raise bad_request(f"This is no event, it has no {', '.join(missing)}: {sent}")
    return event if is_cloud_event else event | {"topic": topic_id(topic), "metadataVersion": "1"}
