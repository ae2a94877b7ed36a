"""What `python -m local` says when it is up (what is where, what goes on, commands to paste) and at
its end.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from local.arm.base import Json
from local.arm.example import NEWER_UBUNTU
from local.arm.model import UBUNTU
from local.system import System

_NAMED = 5


def greeting(system: System, state: Path) -> str:
    """`state`: the directory in which everything is kept."""
    example = _example(system.azure.truths())
    tries = _rollout(system, example) if example else _filling(system)
    return f"""\
VMSS Rollout is up, on this machine only. Open these two side by side:

  The page         {system.page_url}  to start rollouts, and to watch and steer them
  Simulated Azure  {system.arm_url}/  to rehearse failures, and to see what is true
{_going_on(system.open_rollouts())}
Or paste commands:

  API              {system.api_url}
  Example          {example["id"] if example else "none: the simulated Azure has none"}

{"\n".join(f"{what}:\n  {command}" for what, command in tries)}

Ctrl-C ends it. Everything is kept in {state}: however it ends, started again it goes on.
make local FRESH=1 begins anew.
"""


def stop_message(rollouts: Sequence[str]) -> str:
    """`rollouts`: those that have not ended."""
    if not rollouts:
        return "Stopped. Started again, everything is as it was left.\n"
    return (
        f"Stopped. {_names(rollouts)} at the next start: start it again as you did "
        "(with the same PORT and STATE, if you gave any).\n"
    )


def _going_on(rollouts: Sequence[str]) -> str:
    return f"\n{_names(rollouts)} from where it was.\n" if rollouts else ""


def _names(rollouts: Sequence[str]) -> str:
    """As in "2 rollouts go on (cve-1, cve-2)"."""
    more = len(rollouts) - _NAMED
    named = ", ".join(rollouts[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    count = "1 rollout goes on" if len(rollouts) == 1 else f"{len(rollouts)} rollouts go on"
    return f"{count} ({named})"


def _example(scale_sets: Sequence[Json]) -> Json | None:
    """The scale set to try first: web of the example fleet, else any other on Ubuntu's image."""
    image = f"{UBUNTU.publisher}:{UBUNTU.offer}:{UBUNTU.sku}:"
    fitting = [each for each in scale_sets if each["image"].startswith(image)]
    return min(fitting, key=lambda each: each["name"] != "web", default=None)


def _rollout(system: System, scale_set: Json) -> list[tuple[str, str]]:
    """The ids are new at every start, so that the commands work again on the same state; and so is
    the image: the one of two that the scale set is not set to.
    """
    rollout_id = f"try-{system.clock.now():%Y%m%d-%H%M%S}"
    is_newer = scale_set["image"].endswith(f":{NEWER_UBUNTU}")
    version = UBUNTU.version if is_newer else NEWER_UBUNTU
    request = {"scaleSet": scale_set["id"], "image": {"version": version}}
    rollouts = f"{system.api_url}/rollouts"
    return [
        ("Plan a rollout (changes nothing)", _post(f"{rollouts}/plan", request)),
        ("Start it", _post(rollouts, {"id": rollout_id, **request})),
        ("Watch it", f"curl -s {rollouts}/{rollout_id}"),
        ("Abort it", f"curl -s -X POST {rollouts}/{rollout_id}/abort"),
        ("Publish an image version, which two scale sets follow", _publish(system)),
        ("Watch them", f"curl -s {system.api_url}/fleet-rollouts"),
    ]


def _publish(system: System) -> str:
    """A version that was not rolled yet, in whatever state this is: one is rolled once only."""
    now = system.clock.now()
    version = f"1.{now:%Y%m%d}.{int(f'{now:%H%M%S}')}"
    image = {"gallery": "golden", "image": "web", "version": version}
    return _post(f"{system.arm_url}/_sim/images", image)


def _filling(system: System) -> list[tuple[str, str]]:
    return [("Make a scale set", _post(f"{system.arm_url}/_sim/scale-sets", {"name": "web"}))]


def _post(url: str, body: object) -> str:
    return f"curl -s {url} -H 'Content-Type: application/json' -d '{json.dumps(body)}'"
