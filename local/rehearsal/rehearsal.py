"""The rehearsal itself: builds the copy, starts the rollout, skips time, looks, reports."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus

import httpx

from local.arm.base import Json
from local.base import ManualClock
from local.rehearsal.order import Misfortune, Order
from local.rehearsal.published import publish_all
from local.system import System

ROLLOUT = "rehearsal"
"""The id of the rollout."""
_PATIENCE_SECONDS = 300
_LONGEST = timedelta(days=60)
"""Of simulated time."""
_BETWEEN_LOOKS_SECONDS = 0.25
_WAITING = {"Paused", "AwaitingApproval"}
_WAITS_FOR = {"approval", "decision", "resume"}


class Rehearsal:
    """One rehearsal, in a system of its own that is up. `tell` hears how far it is."""

    def __init__(self, order: Order, system: System, tell: Callable[[Json], None]) -> None:
        self._order = order
        self._system = system
        self._tell = tell
        self._later = sorted(order.faults, key=lambda misfortune: misfortune.at)
        self._began = system.clock.now()
        self._target = ""
        self._looked_at = 0.0

    def run(self) -> Json:
        """Play it; returns the report. Raises pydantic.ValidationError or ValueError when there is
        no such copy or fault, RuntimeError when the rollout has no end.
        """
        self._target = publish_all(self._system.azure, self._order)
        self._system.azure.add_scale_set(self._order.scale_set)
        self._declare_due(self._began)
        with httpx.Client(
            base_url=self._system.api_url, timeout=_PATIENCE_SECONDS, trust_env=False
        ) as api:
            return self._played(api)

    def _played(self, api: httpx.Client) -> Json:
        body = {**self._order.own_request, "scaleSet": self._order.scale_set.id}
        planned = api.post("/rollouts/plan", json=body)
        if planned.is_error:
            return self._refusal(planned)
        started = api.post("/rollouts", json=body | {"id": ROLLOUT})
        if started.is_error:
            return self._refusal(started)
        view = self._to_the_end(api)
        return {
            "plan": planned.json(),
            "rollout": view,
            "events": api.get(f"/rollouts/{ROLLOUT}/events").json(),
            "azure": self._truth(),
        }

    def _refusal(self, answer: httpx.Response) -> Json:
        is_json = "json" in answer.headers.get("content-type", "")
        problem = answer.json() if is_json else {"title": f"HTTP {answer.status_code}"}
        return {"refused": problem, "status": answer.status_code, "azure": self._truth()}

    def _to_the_end(self, api: httpx.Client) -> Json:
        """Skip time until it has ended, or waits for somebody; returns the last view."""
        while True:
            self._system.host.wait_idle(_PATIENCE_SECONDS)
            if self._is_worth_a_look():
                view = self._look(api)
                if view["finishedAt"] or (self._waits(view) and not self._answered(api, view)):
                    return view
            self._pass()

    def _is_worth_a_look(self) -> bool:
        """Whether it may have ended or wait for somebody, or somebody may want to see how far it
        is: a look takes longer than what happens between two looks.
        """
        found = self._system.host.store.instance(ROLLOUT)
        if (
            found is None
            or not found.live
            or any(phase in (found.custom_status or "") for phase in _WAITING)
        ):
            return True
        if not self._order.watched:
            return False
        if self._looked_at and time.monotonic() - self._looked_at < _BETWEEN_LOOKS_SECONDS:
            return False
        self._looked_at = time.monotonic()
        return True

    def _look(self, api: httpx.Client) -> Json:
        answer = api.get(f"/rollouts/{ROLLOUT}")
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"the app answered {answer.status_code}: {answer.text}")
        view: Json = answer.json()
        self._tell(view)
        return view

    @staticmethod
    def _waits(view: Json) -> bool:
        needs: Json = view.get("needs") or {}
        return view["phase"] in _WAITING and needs.get("what") in _WAITS_FOR and not view["notice"]

    def _answered(self, api: httpx.Client, view: Json) -> bool:
        """Whether it goes on: somebody approves at once, or it waits as long as it does."""
        if self._order.approve and "approve" in view["verbs"]:
            body = {"by": "the rehearsal"}
            return api.post(f"/rollouts/{ROLLOUT}/approve", json=body).is_success
        return self._order.keep_waiting

    def _pass(self) -> None:
        """The time until the next thing that happens. Raises RuntimeError when nothing will."""
        clock = self._system.clock
        assert isinstance(clock, ManualClock)  # noqa: S101 - main gives it
        due = self._system.host.next_due
        if due is None or due > self._began + _LONGEST:
            raise RuntimeError(f"the rollout has not ended after {_LONGEST.days} simulated days")
        if self._later:
            due = min(due, self._began + self._later[0].at)
        clock.jump(due)
        self._declare_due(due)

    def _declare_due(self, now: datetime) -> None:
        def is_due(misfortune: Misfortune) -> bool:
            return self._began + misfortune.at <= now

        for misfortune in filter(is_due, self._later):
            self._system.azure.add_fault(misfortune.against(self._target))
        self._later = [each for each in self._later if not is_due(each)]

    def _truth(self) -> Json:
        spec = self._order.scale_set
        return self._system.azure.truth(spec.resource_group, spec.name, spec.subscription)
