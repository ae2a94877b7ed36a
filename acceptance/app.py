"""The app's API, as far as the stories use it."""

import asyncio
import time
from collections.abc import Callable, Collection
from typing import Any

from acceptance.calls import Answer, Calls, Json
from acceptance.pace import Pace

ROLLOUTS = "rollouts"
FLEETS = "fleet-rollouts"
ENDED = ("Succeeded", "RolledBack", "Aborted", "Failed")
OK, ACCEPTED, NOT_FOUND, CONFLICT = 200, 202, 404, 409


class Unmet(Exception):  # noqa: N818 - a promise that was not kept ends its story
    """What was waited for did not come."""


class App:
    """`kind` is ROLLOUTS or FLEETS."""

    def __init__(self, calls: Calls, pace: Pace) -> None:
        self.calls = calls
        self._pace = pace

    async def start(self, request: Json, kind: str = ROLLOUTS) -> Answer:
        return await self.calls.post(f"/{kind}", request)

    async def start_at_once(self, requests: list[Json], kind: str = ROLLOUTS) -> list[Answer]:
        """The answers in the order of the requests."""
        return await asyncio.gather(*(self.start(request, kind) for request in requests))

    async def start_both(self, rollout: Json, fleet: Json) -> list[Answer]:
        """A rollout and a fleet rollout at once; the answers in this order."""
        return list(await asyncio.gather(self.start(rollout), self.start(fleet, FLEETS)))

    async def command(self, rollout_id: str, verb: str, kind: str = ROLLOUTS) -> Answer:
        body = {"by": "acceptance", "reason": "a story"}
        return await self.calls.post(f"/{kind}/{rollout_id}/{verb}", body)

    async def find(self, rollout_id: str, kind: str = ROLLOUTS) -> Json | None:
        """Its view; None if there is none. Raises Unmet for another answer."""
        answer = await self.calls.get(f"/{kind}/{rollout_id}")
        if answer.status == NOT_FOUND:
            return None
        return _good(answer, f"GET {kind}/{rollout_id}")

    async def appeared(self, rollout_id: str, kind: str = ROLLOUTS) -> Json | None:
        """Its view, which may come a little later than the answer to its start."""
        until = time.monotonic() + self._pace.appearance
        while True:
            view = await self.find(rollout_id, kind)
            if view or time.monotonic() > until:
                return view
            await asyncio.sleep(self._pace.look)

    async def until(
        self,
        rollout_id: str,
        comes: Callable[[Json], bool],
        what: str,
        kind: str = ROLLOUTS,
        last: Collection[str] = ENDED,
    ) -> Json:
        """The first view for which `comes`. Raises Unmet when it does not come: after a long time,
        or in one of the phases `last`, which nothing follows.
        """
        until = time.monotonic() + self._pace.patience
        while True:
            view = await self.find(rollout_id, kind)
            if view and comes(view):
                return view
            state = f"{view['phase']}: {view['message']}" if view else "nothing"
            if (view and view["phase"] in last) or time.monotonic() > until:
                raise Unmet(f"waiting until {rollout_id} {what}: it is {state}")
            await asyncio.sleep(self._pace.look)

    async def ended(self, rollout_id: str, kind: str = ROLLOUTS) -> Json:
        return await self.until(rollout_id, lambda view: view["phase"] in ENDED, "has ended", kind)

    async def halted(self, rollout_id: str, phase: str, kind: str = ROLLOUTS) -> Json:
        return await self.until(
            rollout_id, lambda view: view["phase"] == phase, f"is {phase}", kind
        )

    async def listed(self, path: str, **query: str) -> list[Json]:
        """Raises Unmet if it is refused."""
        return _good(await self.calls.get(f"/{path}", **query), f"GET {path}")

    async def event_kinds(self, rollout_id: str, kind: str = ROLLOUTS) -> list[str]:
        return [event["kind"] for event in await self.listed(f"{kind}/{rollout_id}/events")]

    async def scale_set(self, scale_set: str) -> Json:
        """By its ARM id, whose subscription is named in the query."""
        _, _, subscription, _, group, *_, name = scale_set.split("/")
        answer = await self.calls.get(f"/scale-sets/{group}/{name}", subscription=subscription)
        return _good(answer, f"GET scale-sets/{group}/{name}")

    async def is_free(self, scale_set: str) -> Json:
        """The scale set, as soon as no rollout has it; or as it is when that does not come."""
        until = time.monotonic() + self._pace.appearance
        while True:
            view = await self.scale_set(scale_set)
            if (view["rollable"] and not view["rolloutId"]) or time.monotonic() > until:
                return view
            await asyncio.sleep(self._pace.look)


def _good(answer: Answer, what: str) -> Any:
    if answer.status == OK:
        return answer.body
    raise Unmet(f"{what} was answered {answer.summary}")
