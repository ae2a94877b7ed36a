"""Where gates, windows, deaths and people meet: what was said holds as long as it should."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from answering import BUSY, NO, YES, AskedHost
from gated import SMALL, gate, policy
from nightly import some
from story import NEW, System
from windows import HOUR, freeze, window

from local.host.engine.deaths import Death

type Json = dict[str, Any]

AT_MOST = timedelta(minutes=18)
"""Until the freeze: a batch may begin, and soon no other one."""


LENIENT = {"maxUnhealthyInstances": "50%"}
"""What is retried is unhealthy itself."""


def waits(view: Json) -> bool:
    return view["opensAt"] is not None


def paused(view: Json) -> bool:
    return view["phase"] == "Paused"


def tell(system: System, rollout: str, verb: str, **body: Any) -> None:
    answer = system.api.post(f"/api/rollouts/{rollout}/{verb}", json={"by": "ann", **body})
    assert answer.status_code == 202, answer.text
    system.host.wait_idle()


def frozen_soon(system: System) -> Json:
    return freeze(system, AT_MOST, 5 * HOUR)


def upgrades(system: System, scale_set: str) -> int:
    return sum(each["upgrades"] for each in system.truth(scale_set)["instances"])


def test_a_bake_is_not_begun_again_while_the_gates_after_it_hold(
    system: System, host: AskedHost
) -> None:
    bake = gate(host.says("/bake", YES), "bake", "bake", interval="PT30S")
    more = {"passes": 12, "interval": "PT30S", "timeout": "PT1H"}
    after = gate(host.says("/after", YES), "afterBatch", "after", **more)
    canary = {"instances": 1, "bake": "PT5M"}
    view = system.run(system.scale_set(**SMALL), policy=policy(bake, after, canary=canary))
    assert view["phase"] == "Succeeded", view["message"]
    assert host.times("/bake") == 11


def test_a_batch_that_broke_off_is_not_sent_after_its_window(system: System) -> None:
    scale_set = system.scale_set(**SMALL)
    busy = {"path": "manualupgrade", "scaleSet": scale_set, "count": 1, "retryAfter": 300}
    system.fault("throttle", **busy)
    asked = {"freezes": [frozen_soon(system)]}
    rollout = system.start(scale_set, id="too-late", policy=asked).json()["id"]
    system.until(rollout, lambda view: "Trying again" in view["message"])
    system.host.deaths.plan(Death("upgrade_batch", f"{rollout}:batch-1"))
    system.host.deaths.plan(Death("roll_out", rollout))
    system.pass_minutes(30)
    system.look_after()
    opens_at = datetime.fromisoformat(system.until(rollout, waits)["opensAt"])
    assert system.finish(rollout)["phase"] == "Succeeded"
    sent = [each for each in system.requests("POST", "manualupgrade") if each["status"] < 300]
    assert min(datetime.fromisoformat(each["at"]) for each in sent) >= opens_at


@pytest.mark.parametrize("verb", ["abort", "breakGlass"])
def test_who_speaks_while_the_calendar_is_read_is_heard(system: System, verb: str) -> None:
    system.host.deaths.plan(Death("read_calendar"))  # it is read again after some seconds
    asked = {"windows": [window(system, 3 * HOUR, 5 * HOUR)]}
    rollout = system.start(system.scale_set(**SMALL), policy=asked).json()["id"]
    system.until(rollout, lambda view: "Trying again" in view["message"])
    tell(system, rollout, verb, reason="now")
    system.pass_minutes(3)
    view = system.view(rollout)
    assert view["phase"] == "Aborted" if verb == "abort" else not waits(view)
    system.finish(rollout)


def test_an_abort_while_a_gate_is_asked_is_no_rollback(system: System, host: AskedHost) -> None:
    asked = gate(host.says("/g", NO))
    rollout = system.start(system.scale_set(**SMALL), policy=policy(asked)).json()["id"]
    said = {"by": "ann"}
    host.meanwhile = lambda: system.api.post(f"/api/rollouts/{rollout}/abort", json=said)
    assert system.finish(rollout)["phase"] == "Aborted"


@pytest.mark.crossed
@pytest.mark.parametrize("busy", some(range(4, 17), 4))
@pytest.mark.parametrize("place", ["start", "beforeBatch"])
def test_gates_are_asked_anew_when_a_window_opens_in_any_generation(
    system: System, host: AskedHost, busy: int, place: str
) -> None:
    scale_set = system.scale_set(**SMALL)
    url = host.says("/g", *[BUSY] * busy, YES)
    asked = gate(url, place, interval="PT1M", timeout="PT2H")
    both = policy(asked, freezes=[frozen_soon(system)])
    rollout = system.start(scale_set, policy=both).json()["id"]
    system.until(rollout, waits)
    host.says("/g", NO)
    assert system.finish(rollout)["phase"] != "Succeeded"
    assert upgrades(system, scale_set) == 0


def test_a_gate_that_was_skipped_by_day_is_not_asked_at_night(
    system: System, host: AskedHost
) -> None:
    asked = gate(host.says("/g", NO, YES), "beforeBatch")
    both = policy(asked, onFailure="pause", freezes=[frozen_soon(system)])
    rollout = system.start(system.scale_set(**SMALL), policy=both).json()["id"]
    system.until(rollout, paused)
    system.pass_minutes(30)
    tell(system, rollout, "skip")
    assert system.finish(rollout)["phase"] == "Succeeded"
    assert host.times("/g") == 2, "once, and before the second batch"


def failed(system: System, scale_set: str, **more: Any) -> str:
    """A rollout that asks what to do about its first batch, shortly before a freeze."""
    system.fault("badImage", version=NEW)
    asked = {"onFailure": "pause", "freezes": [frozen_soon(system)], **LENIENT, **more}
    rollout = system.start(scale_set, policy=asked).json()["id"]
    system.until(rollout, paused)
    return rollout


@pytest.mark.by_day(0)
def test_who_is_asked_again_after_a_retry_that_waited_has_the_full_time(system: System) -> None:
    rollout = failed(system, system.scale_set(**SMALL), decisionTimeout="PT2H")
    system.pass_minutes(10)
    tell(system, rollout, "retry")
    assert waits(system.view(rollout))
    system.until(rollout, lambda view: not waits(view))
    view = system.until(rollout, lambda view: view["phase"] in {"Paused", "Failed"})
    assert view["phase"] == "Paused", view["message"]
    tell(system, rollout, "abort")
    system.finish(rollout)


def test_a_retry_that_azure_kept_until_it_was_too_late_waits_for_the_next_window(
    system: System,
) -> None:
    scale_set = system.scale_set(**SMALL)
    rollout = failed(system, scale_set)
    busy = {"path": "manualupgrade", "scaleSet": scale_set, "count": 1, "retryAfter": 300}
    system.fault("throttle", **busy)
    tell(system, rollout, "retry")
    view = system.until(rollout, lambda view: waits(view) or paused(view))
    assert waits(view), view["message"]
    tell(system, rollout, "abort")
    system.finish(rollout)
