"""Which stories a run tells, and in which order: side by side where each has its own scale sets."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from acceptance.app import OK, App, Unmet
from acceptance.calls import Calls, Json, NoAnswer
from acceptance.ground import GivenScaleSet, Ground, SimulatedAzure
from acceptance.pace import Pace
from acceptance.promises import Promises, Verdict
from acceptance.stories import ALONE, ANYWHERE, SHORT, SIMULATED
from acceptance.story import Scene, Story

_AT_ONCE = 4
_BEGIN_SECONDS = 30
_FULL = (*SIMULATED, *ANYWHERE, *ALONE)


@dataclass(frozen=True)
class Target:
    """`app` and `arm` are base URLs; without `arm`, `scale_set` is the ARM id of one that may be
    rolled to `image`, as a request names that. `outage`: real seconds that a call may be without
    an answer.
    """

    app: str
    run: str
    key: str | None = None
    arm: str | None = None
    scale_set: str | None = None
    image: Json | None = None
    outage: float = 180

    @property
    def api(self) -> str:
        base = self.app.rstrip("/")
        return base if base.endswith("/api") else f"{base}/api"


class Suite:
    """One run: `promises` has its lines."""

    def __init__(
        self, target: Target, promises: Promises, *, short: bool = False, only: Sequence[str] = ()
    ) -> None:
        self._target = target
        self._promises = promises
        self._scenes = [
            scene for scene in (SHORT if short else _FULL) if not only or title(scene) in only
        ]

    async def run(self) -> None:
        """Raises Unmet or NoAnswer if it cannot begin: the app or the simulated Azure is not
        there.
        """
        target = self._target
        key = {"x-functions-key": target.key} if target.key else {}
        async with AsyncExitStack() as exits:
            await _is_there(target.api, "/rollouts", key)
            calls = await exits.enter_async_context(Calls(target.api, target.outage, key))
            if target.arm is None:
                await self._given(calls)
                return
            arm = target.arm.rstrip("/")
            await _is_there(arm, "/_sim/event-subscriptions")
            control = await exits.enter_async_context(Calls(arm, target.outage))
            await self._simulated(calls, SimulatedAzure(control, target.run))

    async def _given(self, calls: Calls) -> None:
        """One story after another, on the same scale set."""
        ground = GivenScaleSet(self._target.scale_set or "", self._target.image or {})
        for scene in self._scenes:
            if scene in ANYWHERE:
                await self._tell(scene, calls, ground, None, Pace(slow=True))
            else:
                why = "needs a simulated Azure: give ARM"
                self._promises.add(title(scene), _what(scene), why, Verdict.NOT_RUN)

    async def _simulated(self, calls: Calls, azure: SimulatedAzure) -> None:
        pace = await azure.prepare()
        gate = asyncio.Semaphore(_AT_ONCE)

        async def beside(scene: Scene) -> None:
            async with gate:
                await self._tell(scene, calls, azure, azure, pace)

        await asyncio.gather(*(beside(scene) for scene in self._scenes if scene not in ALONE))
        for scene in self._scenes:
            if scene in ALONE:
                await self._tell(scene, calls, azure, azure, pace)

    async def _tell(
        self, scene: Scene, calls: Calls, ground: Ground, azure: SimulatedAzure | None, pace: Pace
    ) -> None:
        """A story that cannot go on is a promise that was not kept; the others are told."""
        app = App(calls, pace)
        story = Story(title(scene), self._target.run, app, ground, azure, pace, self._promises)
        try:
            await scene(story)
        except (Unmet, NoAnswer) as error:
            story.see("a story that can be told to its end", error, kept=False)
        except (KeyError, TypeError, ValueError, StopIteration) as error:
            seen = f"an answer that is not as the reference says: {error!r}"
            story.see("answers as the reference says", seen, kept=False)


async def _is_there(base: str, path: str, key: dict[str, str] | None = None) -> None:
    """Raises Unmet or NoAnswer if nobody is at that address, or the key does not fit."""
    async with Calls(base, _BEGIN_SECONDS, key) as calls:
        answer = await calls.get(path)
    if answer.status != OK:
        raise Unmet(f"GET {base}{path} was answered {answer.summary}")


def title(scene: Scene) -> str:
    """The story's name: its function's, in words."""
    return scene.__name__.replace("_", " ")


def titles() -> list[str]:
    return sorted(title(scene) for scene in _FULL)


def _what(scene: Scene) -> str:
    """Its docstring, as a promise."""
    text = " ".join((scene.__doc__ or title(scene)).split()).rstrip(".")
    return text[0].lower() + text[1:]
