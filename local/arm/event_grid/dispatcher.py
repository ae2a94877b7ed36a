"""Delivers events to their endpoints over HTTP, in a thread of its own or when asked to."""

import threading
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cached_property
from typing import Protocol

import httpx
import orjson

from local.arm.base import Json
from local.arm.event_grid.delivery import Attempt, Delivery
from local.arm.event_grid.grid import EventGrid
from local.arm.event_grid.subscription import SubscriptionSpec
from local.arm.event_grid.validation import validate_endpoint
from local.base import Clock, ManualClock

_ANSWER_SECONDS = 30.0  # real seconds an endpoint has to answer, as documented
_LOOK_SECONDS = 2.0  # real seconds: how often it looks by itself
_STOP_SECONDS = 5.0  # real seconds it is given to end
_SHOWN = 200
_TYPES = {
    "EventGridSchema": "application/json; charset=utf-8",
    "CloudEventSchemaV1_0": "application/cloudevents+json; charset=utf-8",
}


class Cloud(Protocol):
    """The simulation that the events come from; `settled` holds it still at one moment, `changing`
    as well, to change something.
    """

    clock: Clock
    event_grid: EventGrid

    def settled(self) -> AbstractContextManager[datetime]: ...

    def changing(self) -> AbstractContextManager[datetime]: ...


class Dispatcher:
    """Delivers what is due by the simulation's clock; no lock is held while an endpoint works."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._grid = cloud.event_grid
        self._delivering = threading.Lock()
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread()
        self._grid.on_change = self._wake.set
        if isinstance(cloud.clock, ManualClock):
            cloud.clock.on_jump(self._wake.set)

    def subscribe(self, spec: SubscriptionSpec) -> None:
        """Validate the endpoint, then subscribe it. Raises ArmError when it does not agree."""
        validate_endpoint(self._http, spec, self._cloud.clock.now())
        with self._cloud.changing():
            self._grid.subscribe(spec)

    def deliver_due(self) -> int:
        """Deliver everything that is due now; returns how many attempts that took.

        When it returns, the endpoints have answered all of them, those of the thread included.
        """
        attempts = 0
        with self._delivering:
            while (delivery := self._next()) is not None:
                self._attempt(delivery)
                attempts += 1
        return attempts

    def start(self) -> None:
        """Deliver in the background from now on."""
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="event-grid", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the delivery under way."""
        self._stopping = True
        self._wake.set()
        self._thread.join(_STOP_SECONDS)

    @cached_property
    def _http(self) -> httpx.Client:
        """Keeps no connections, so it need not be closed; made on first use, which costs 50 ms."""
        limits = httpx.Limits(max_keepalive_connections=0)
        return httpx.Client(timeout=_ANSWER_SECONDS, trust_env=False, limits=limits)

    def _run(self) -> None:
        while not self._stopping:
            self._wake.clear()
            self.deliver_due()
            self._wake.wait(self._seconds_to_wait())

    def _seconds_to_wait(self) -> float:
        with self._cloud.settled():
            due = self._grid.next_due()
        seconds = None if due is None else self._cloud.clock.real_seconds_until(due)
        return _LOOK_SECONDS if seconds is None else min(_LOOK_SECONDS, seconds)

    def _next(self) -> Delivery | None:
        if self._stopping:
            return None
        with self._cloud.settled() as now:
            return self._grid.due(now)

    def _attempt(self, delivery: Delivery) -> None:
        spec, event = delivery.subscription, delivery.event
        body = event.shown(spec.delivery_schema, spec.form_of(event))
        if body is None:
            with self._cloud.changing():
                delivery.give_up("a CloudEvent cannot be delivered in the EventGridSchema")
            return
        status, answer = self._send(delivery, body)
        with self._cloud.changing() as now:
            self._grid.note(delivery, Attempt(now, status, answer))

    def _send(self, delivery: Delivery, body: Json) -> tuple[int | None, str]:
        spec = delivery.subscription
        headers = {
            "Content-Type": _TYPES[spec.delivery_schema],
            "aeg-event-type": "Notification",
            "aeg-subscription-name": spec.name.upper(),
            "aeg-delivery-count": str(len(delivery.attempts)),
            "aeg-data-version": str(body.get("dataVersion", "")),
            "aeg-metadata-version": str(body.get("metadataVersion", "")),
        }
        is_own = spec.delivery_schema == "EventGridSchema"
        content = orjson.dumps([body] if is_own else body)
        try:
            answer = self._http.post(spec.endpoint, content=content, headers=headers)
        except httpx.HTTPError as error:
            return None, f"{type(error).__name__}: {error}"
        return answer.status_code, answer.text[:_SHOWN]
