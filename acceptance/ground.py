"""Where the scale sets of the stories come from: a simulated Azure, or one that is given."""

import asyncio
import time
from datetime import datetime
from typing import Any, Protocol

from acceptance.app import Unmet
from acceptance.calls import Calls, Json
from acceptance.pace import Pace

GROUP = "acceptance"
OLD, NEW = "14.04.201506100", "14.04.201507060"
_PLATFORM = {"publisher": "Canonical", "offer": "UbuntuServer", "sku": "14.04.2-LTS"}
_SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
_COMPUTE = f"{_SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Compute"
_MEASURED_SECONDS = 2.0


class Ground(Protocol):
    """`image` is the one to roll to, as a request names it."""

    image: Json

    async def scale_set(self, name: str, **like: Any) -> str:
        """The ARM id of a scale set for one story."""
        ...


class GivenScaleSet:
    """The one scale set of a real Azure: its stories run one after another."""

    def __init__(self, scale_set: str, image: Json) -> None:
        self.image = image
        self._scale_set = scale_set

    async def scale_set(self, name: str, **like: Any) -> str:
        del name, like
        return self._scale_set


class SimulatedAzure:
    """Makes a scale set for each story, and is asked for the truth; `run` keeps runs apart."""

    def __init__(self, calls: Calls, run: str) -> None:
        self.image: Json = {"version": NEW}
        self.pace = Pace()
        self._calls = calls
        self._run = run

    async def prepare(self) -> Pace:
        """Publish the image, and measure how fast its clock goes. Raises Unmet."""
        await self._made("images", _PLATFORM | {"version": NEW})
        first, second = await self._clock(), 0.0
        began = time.monotonic()
        await asyncio.sleep(_MEASURED_SECONDS)
        second = await self._clock()
        self.pace = Pace(max(1, round((second - first) / (time.monotonic() - began))))
        return self.pace

    async def scale_set(self, name: str, **like: Any) -> str:
        """Four instances in two update domains; `like` are other fields of the simulator."""
        body: Json = {"name": f"{name}-{self._run}", "resourceGroup": GROUP}
        body |= {"capacity": 4, "updateDomains": 2} | self.pace.scale_set() | like
        made = await self._made("scale-sets", body)
        return str(made["id"])

    async def truth(self, scale_set: str) -> Json:
        """What really happened to it."""
        answer = await self._calls.get(f"/_sim/scale-sets/{GROUP}/{scale_set.rpartition('/')[2]}")
        return answer.body

    async def images(self, scale_set: str) -> list[str]:
        """The versions that its instances run, in their order."""
        truth = await self.truth(scale_set)
        return [_version(instance["image"]) for instance in truth["instances"]]

    async def fault(self, kind: str, scale_set: str, **fields: Any) -> None:
        await self._made("faults", {"kind": kind, "scaleSet": scale_set, **fields})

    async def clear_faults(self) -> None:
        """All there are: only for a story that runs alone."""
        await self._calls.send("DELETE", "/_sim/faults")

    async def publish(self, version: str) -> str:
        """A version of this run's gallery image; its ARM id."""
        image = {"gallery": f"acceptance{self._run}", "image": "web", "version": version}
        made = await self._made("images", image | {"resourceGroup": GROUP})
        return str(made["id"])

    async def subscribers(self) -> list[Json]:
        """Whoever is told of published images."""
        return (await self._calls.get("/_sim/event-subscriptions")).body

    async def _made(self, what: str, body: Json) -> Json:
        answer = await self._calls.post(f"/_sim/{what}", body)
        if answer.status != 201:  # noqa: PLR2004
            raise Unmet(f"POST /_sim/{what} was answered {answer.status}: {answer.body}")
        return answer.body

    async def _clock(self) -> float:
        """Its time in seconds, from its log of a request of ours."""
        path = f"{_COMPUTE}/virtualMachineScaleSets"
        version = {"api-version": "2024-07-01"}
        await self._calls.send(
            "GET", path, params=version, headers={"Authorization": "Bearer acceptance"}
        )
        served: list[Json] = (await self._calls.get("/_sim/requests")).body
        return max(datetime.fromisoformat(request["at"]).timestamp() for request in served)


def _version(image: str) -> str:
    """Of a platform image's URN or a gallery version's ARM id."""
    return image.replace("/", ":").rpartition(":")[2]
