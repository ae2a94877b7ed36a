"""What a story has in its hands: the app, scale sets of its own, and a place for what it saw."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from acceptance.app import ACCEPTED, CONFLICT, ENDED, OK, ROLLOUTS, App, Unmet
from acceptance.calls import Answer, Json
from acceptance.ground import Ground, SimulatedAzure
from acceptance.pace import Pace
from acceptance.promises import Promises, Verdict

type Scene = Callable[["Story"], Awaitable[None]]

STARTS = 30
"""How many starts are sent at once."""
APPROVALS = 3
"""How often a rollout that asks anew for its first batch is approved again."""


@dataclass
class Story:
    """`run` keeps the ids of runs apart. `azure` is None with a real Azure."""

    name: str
    run: str
    app: App
    ground: Ground
    azure: SimulatedAzure | None
    pace: Pace
    promises: Promises

    @property
    def simulated(self) -> SimulatedAzure:
        """Raises Unmet with a real Azure: its stories ask for no control."""
        if self.azure is None:
            raise Unmet("there is no simulated Azure")
        return self.azure

    def see(self, promised: str, seen: object, *, kept: bool) -> None:
        verdict = Verdict.OK if kept else Verdict.MISSED
        self.promises.add(self.name, promised, str(seen), verdict)

    def id(self, name: str) -> str:
        return f"{name}-{self.run}"

    def request(self, name: str, scale_set: str, **rules: Any) -> Json:
        """A start; `rules` are of its policy."""
        policy = self.pace.policy(**rules)
        body = {"id": self.id(name), "scaleSet": scale_set, "image": self.ground.image}
        return {**body, "policy": policy, "reason": self.name, "by": "acceptance"}

    def held(self, name: str, scale_set: str) -> Json:
        """A start of a rollout that touches no instance before it is approved."""
        return self.request(name, scale_set, approval="everyBatch")

    def fleet(self, name: str, waves: Sequence[str], *, held: int = 0, **rules: Any) -> Json:
        """A start of a fleet rollout, a wave for each scale set; wave number `held` waits to be
        approved.
        """
        requested = [
            {
                "name": f"wave {number}",
                "scaleSets": [scale_set],
                "approval": "before" if number == held else "none",
            }
            for number, scale_set in enumerate(waves, 1)
        ]
        body = {"id": self.id(name), "image": self.ground.image, "waves": requested}
        timeout = self.pace.duration(43_200, 900)
        return {**body, "policy": self.pace.policy(**rules), "approvalTimeout": timeout}

    async def begun(self, request: Json, kind: str = ROLLOUTS) -> str:
        """Start it, and see that it is accepted and exists. Raises Unmet."""
        answer = await self.app.start(request, kind)
        there = answer.status == ACCEPTED and await self.app.appeared(request["id"], kind)
        if not there:
            raise Unmet(f"the start of {request['id']} was answered {answer.summary}")
        return request["id"]

    async def approved_once(self, rollout_id: str) -> Json:
        """Approve the first batch, and wait until the next one asks. A worker that dies takes an
        approval with it; then the rollout is taken up, and asks anew. Raises Unmet.
        """
        asks = await self.app.halted(rollout_id, "AwaitingApproval")
        answer = await self.app.command(rollout_id, "approve")
        if not accepted(answer):
            raise Unmet(f"approve was answered {answer.summary}")
        for _ in range(APPROVALS):
            asks = await self.app.until(rollout_id, _asks_anew(asks), "asks for the next batch")
            if asks["batch"] >= 1:
                return asks
            await self.app.command(rollout_id, "approve")
        raise Unmet(f"{rollout_id} was approved {APPROVALS + 1} times: {asks['message']}")

    async def refused(self, rollout_id: str, verbs: Sequence[str], kind: str = ROLLOUTS) -> None:
        """Promises 409 for verbs that do not fit now."""
        answers = [await self.app.command(rollout_id, verb, kind) for verb in verbs]
        seen = ", ".join(f"{verb} {a.status}" for verb, a in zip(verbs, answers, strict=True))
        view = await self.app.find(rollout_id, kind)
        phase = view["phase"] if view else "gone"
        promised = f"{' and '.join(verbs)} of one that is {phase} refused with 409"
        self.see(promised, seen, kept=all(answer.status == CONFLICT for answer in answers))

    async def said(
        self, rollout_id: str, verb: str, phase: str, kind: str = ROLLOUTS, times: int = 2
    ) -> None:
        """Promises that a verb, said so often at once, is heard: what it is for is seen after."""
        command = self.app.command
        answers = await asyncio.gather(*(command(rollout_id, verb, kind) for _ in range(times)))
        view = await self._followed_by(rollout_id, verb, phase, kind)
        often = f", said {times} times at once" if times > 1 else ""
        self.see(
            f"{verb}{often}, answered 202, and then {phase}",
            f"{tally(answers)}, then {view['phase']}: {view['message']}",
            kept=all(map(accepted, answers)) and view["phase"] == phase,
        )

    async def _followed_by(self, rollout_id: str, verb: str, phase: str, kind: str) -> Json:
        """The view in that phase, or at its end. What has ended is still so when a rollback of it
        has been asked for, and begins.
        """
        last = ("Failed",) if verb == "rollback" else ENDED
        stops = {phase, *last}
        return await self.app.until(
            rollout_id, lambda view: view["phase"] in stops, f"is {phase}", kind, last
        )

    async def put_back(self, rollout_id: str, kind: str = ROLLOUTS) -> Json:
        """Roll it back if it still takes that, and return how it ended. Raises Unmet."""
        view = await self.app.find(rollout_id, kind)
        if view and view["phase"] not in ENDED:
            await self.app.command(rollout_id, "rollback", kind)
        return await self.app.ended(rollout_id, kind)

    async def nothing_locked(self, *scale_sets: str, image: Json | None = None) -> None:
        """Promises that each scale set can be used again: it is said to be rollable, and a new
        start is accepted. That new rollout is rolled back before it touches an instance.
        """
        seen = [await self._used_again(*each, image) for each in enumerate(scale_sets)]
        kept = all(view["rollable"] and answer.status == ACCEPTED for view, answer in seen)
        said = [
            f"{view['name']} rollable: {view['rollable']}, rollout: {view['rolloutId']}, "
            f"a new start: {answer.summary}"
            for view, answer in seen
        ]
        self.see("nothing left locked", "; ".join(said), kept=kept)

    async def _used_again(
        self, number: int, scale_set: str, image: Json | None
    ) -> tuple[Json, Answer]:
        view = await self.app.is_free(scale_set)
        request = self.held(f"again-{number}-{self.name.replace(' ', '-')}", scale_set)
        answer = await self.app.start({**request, "image": image or self.ground.image})
        if answer.status == ACCEPTED and await self.app.appeared(request["id"]):
            await self.put_back(request["id"])
        return view, answer


def accepted(answer: Answer) -> bool:
    """A verb that was sent again after an outage may have been heard the first time."""
    return answer.status == ACCEPTED or (answer.asked > 1 and answer.status == CONFLICT)


def names_it(answer: Answer) -> bool:
    """Of the same start again: its body is the rollout, whether that still runs or not."""
    return answer.status in {OK, ACCEPTED}


def tally(answers: Sequence[Answer]) -> str:
    """How often each answer came, such as "1 x 202, 29 x 409 'A rollout is active …'"."""
    counts = Counter((answer.status, answer.title or "") for answer in answers)
    return ", ".join(
        f"{count} x {status}{f' {what!r}' if what else ''}"
        for (status, what), count in sorted(counts.items())
    )


def _asks_anew(before: Json) -> Callable[[Json], bool]:
    """Whether it asks for another batch (one whose worker dies has the next number when it is taken
    up), or for the same one since another moment.
    """

    def asks(view: Json) -> bool:
        if view["phase"] != "AwaitingApproval":
            return False
        return view["batch"] >= 1 or _asks_since(view) not in {None, _asks_since(before)}

    return asks


def _asks_since(view: Json) -> str | None:
    need: Json = view["needs"] or {}
    return need.get("since")
