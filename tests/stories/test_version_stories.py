"""An app that is older than a running rollout says so: Durable lets it not go on."""

import json
import shutil
from pathlib import Path

import httpx
from story import NEW, PLATFORM, System

from local import system as local
from local.base.clock import ManualClock
from local.host.host import Host
from rollout.base import ORCHESTRATION_VERSION
from rollout.inventory import ScaleSetId
from rollout.run import Lock, RolloutOrder, lock_id
from rollout.watch import WATCH, WATCH_ID

ROOT = Path(__file__).parents[2]
DURABLE = "/runtime/webhooks/durabletask"
NEWER = str(ORCHESTRATION_VERSION + 1)


def release(directory: Path, version: str) -> Path:
    """The app as a release with that version of its orchestrators."""
    directory.mkdir()
    shutil.copy(ROOT / "function_app.py", directory)
    host = json.loads((ROOT / "host.json").read_text())
    host["extensions"]["durableTask"]["defaultVersion"] = version
    (directory / "host.json").write_text(json.dumps(host))
    return directory


def test_the_version_of_the_code_is_that_of_host_json() -> None:
    host = json.loads((ROOT / "host.json").read_text())
    assert host["extensions"]["durableTask"]["defaultVersion"] == str(ORCHESTRATION_VERSION)


def start_newer(system: System) -> str:
    """A rollout that a newer version of the app has started: its id."""
    scale_set = system.scale_set(capacity=4)
    request = {"id": "newer", "scaleSet": scale_set, "image": {"version": NEW}}
    order = {"id": "newer", "version": ORCHESTRATION_VERSION + 1, "request": request}
    lock = Lock.of(RolloutOrder.from_json(order), "newer")
    holder = f"{DURABLE}/orchestrators/hold_lock/{lock_id(ScaleSetId.parse(scale_set))}"
    assert system.api.post(holder, json=lock.to_json()).status_code == 202
    url = f"{DURABLE}/orchestrators/roll_out/newer?version={NEWER}"
    assert system.api.post(url, json=order).status_code == 202
    system.host.wait_idle()
    return "newer"


def test_a_rollout_of_a_newer_version_stands_still_says_why_and_goes_on_later(
    tmp_path: Path,
) -> None:
    """A release was taken back while a rollout ran, and comes again."""
    state, clock = tmp_path / "state", ManualClock()
    with (
        local.System(clock, state) as one,
        httpx.Client(base_url=one.host.url, timeout=60) as api,
        httpx.Client(base_url=one.arm_url, timeout=60) as azure,
    ):
        system = System(api, azure, clock, one.host)
        system.publish(**PLATFORM, version=NEW)
        rollout = start_newer(system)
        view = system.view(rollout)
        assert (view["phase"], view["verbs"]) == ("Paused", [])
        assert f"started by version {NEWER}" in view["message"]
        refused = api.post(f"/api/rollouts/{rollout}/abort")
        assert refused.status_code == 409
        assert f"started by version {NEWER}" in refused.json()["detail"]
        one.host.stop()
        with (
            Host(release(tmp_path / "newer", NEWER), state, clock) as host,
            httpx.Client(base_url=host.url, timeout=60) as later,
        ):
            again = System(later, azure, clock, host)
            assert again.finish(rollout)["phase"] == "Succeeded"


def test_an_app_that_was_rolled_back_looks_after_its_own_rollouts(world: System) -> None:
    """A look of the newer app, which was under way, stands still until that is back."""
    look = f"{DURABLE}/orchestrators/{WATCH}/{WATCH_ID}".replace(str(ORCHESTRATION_VERSION), NEWER)
    assert world.api.post(f"{look}?version={NEWER}", json={}).status_code == 202
    rollout = world.start(world.scale_set(capacity=10)).json()["id"]
    world.until(rollout, lambda view: view["batch"] == 2 and view["counts"]["inProgress"] > 0)
    world.api.post(f"{DURABLE}/instances/{rollout}/terminate?reason=x")
    world.look_after()
    assert "brokenOff" in [event["kind"] for event in world.events(rollout)]
