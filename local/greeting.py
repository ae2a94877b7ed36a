"""What `python -m local` says when it is up (what is where, commands to paste) and at its end."""

import json
from collections.abc import Sequence
from pathlib import Path

from local.arm.example import NEWER_UBUNTU
from local.system import System


def greeting(system: System, scale_sets: Sequence[str], state: Path) -> str:
    """`scale_sets`: the ARM ids of the example fleet, the one to try first; none when empty."""
    example = scale_sets[0] if scale_sets else "none: the simulated Azure is empty"
    tries = _rollout(system, scale_sets[0]) if scale_sets else _filling(system)
    return f"""\
VMSS Rollout is up, on this machine only. Open these two side by side:

  The page         {system.page_url}  to start rollouts, and to watch and steer them
  Simulated Azure  {system.arm_url}/  to rehearse failures, and to see what is true

Or paste commands:

  API              {system.api_url}
  Example          {example}

{"\n".join(f"{what}:\n  {command}" for what, command in tries)}

Ctrl-C ends it. Rollouts are kept in {state} and go on at the next start; the simulated Azure is
in memory only, and begins anew.
"""


def stop_message(rollouts: int) -> str:
    """`rollouts`: how many have not ended."""
    if not rollouts:
        return "Stopped.\n"
    go_on = "1 rollout goes on" if rollouts == 1 else f"{rollouts} rollouts go on"
    return f"Stopped; {go_on} at the next start.\n"


def _rollout(system: System, scale_set: str) -> list[tuple[str, str]]:
    """The ids are new at every start, so that the commands work again on the same state."""
    rollout_id = f"try-{system.clock.now():%Y%m%d-%H%M%S}"
    request = {"scaleSet": scale_set, "image": {"version": NEWER_UBUNTU}}
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
