"""Gates when a worker dies, and in a fleet rollout: nothing passes that was not asked."""

from typing import Any

import pytest
from answering import BUSY, NO, YES, AskedHost
from gated import SMALL, gate, policy
from story import System

from local.host.engine.deaths import Death, Moment

Json = dict[str, Any]


@pytest.mark.parametrize("moment", [*Moment])
def test_a_question_whose_worker_dies_could_not_be_told(
    system: System, host: AskedHost, moment: Moment
) -> None:
    death = Death("ask_gate", moment=moment)
    system.host.deaths.plan(death)
    view = system.run(system.scale_set(**SMALL), policy=policy(gate(host.says("/g", YES))))
    assert death in system.host.deaths.happened
    assert view["phase"] == "Succeeded", view["message"]


@pytest.mark.crossed
@pytest.mark.parametrize("place", ["start", "beforeBatch", "afterBatch", "end"])
@pytest.mark.parametrize(("then", "phase"), [(YES, "Succeeded"), (NO, "not")])
def test_a_rollout_that_broke_off_at_a_gate_asks_it_again(
    system: System, host: AskedHost, place: str, then: Any, phase: str
) -> None:
    scale_set = system.scale_set(**SMALL)
    asked = gate(host.says("/g", BUSY), place, timeout="PT6H")
    rollout = system.start(scale_set, policy=policy(asked)).json()["id"]
    system.until(rollout, lambda _: host.times("/g") == 2)
    moved = sum(each["upgrades"] for each in system.truth(scale_set)["instances"])
    death = Death("roll_out", rollout)
    system.host.deaths.plan(death)
    system.pass_minutes(2)
    assert death in system.host.deaths.happened
    before = host.times("/g")
    host.says("/g", then)
    system.look_after()
    view = system.finish(rollout)
    assert host.times("/g") > before
    if phase == "Succeeded":
        assert view["phase"] == phase, view["message"]
    else:
        assert view["phase"] in {"RolledBack", "Failed"}, view["message"]
        truth = system.truth(scale_set)["instances"]
        assert sum(each["upgrades"] for each in truth) in {moved, 2 * moved}


@pytest.mark.crossed
@pytest.mark.parametrize(("then", "phase"), [(YES, {"Succeeded"}), (NO, {"RolledBack", "Failed"})])
@pytest.mark.parametrize("function", ["roll_out", "upgrade_batch"])
def test_a_rollout_that_broke_off_in_a_bake_asks_its_gate_again(
    system: System, host: AskedHost, function: str, then: Any, phase: set[str]
) -> None:
    scale_set = system.scale_set(**SMALL)
    baking = gate(host.says("/g", YES), "bake", interval="PT1M")
    canary = {"instances": 1, "bake": "PT20M"}
    rollout = system.start(scale_set, policy=policy(baking, canary=canary)).json()["id"]
    system.until(rollout, lambda _: host.times("/g") == 2)
    death = Death(function)
    system.host.deaths.plan(death)
    system.pass_minutes(2)
    before = host.times("/g")
    host.says("/g", then)
    system.look_after()
    view = system.finish(rollout)
    assert death in system.host.deaths.happened
    assert host.times("/g") > before
    assert view["phase"] in phase, view["message"]


def test_each_scale_set_of_a_fleet_rollout_asks_the_gates(system: System, host: AskedHost) -> None:
    first, second = system.small(2)
    asked = policy(gate(host.says("/g", YES), "end"))
    waves = [{"name": "all", "scaleSets": [first, second]}]
    plan = system.api.post(
        "/api/fleet-rollouts/plan",
        json={"image": {"version": "14.04.201507060"}, "waves": waves, "policy": asked},
    )
    assert (plan.status_code, host.times("/g")) == (200, 0), plan.text
    fleet = system.start_fleet(waves, policy=asked).json()["id"]
    assert system.finish_fleet(fleet)["phase"] == "Succeeded"
    assert host.times("/g") == 2


def test_twenty_gates_fit_into_the_status_of_a_large_rollout(
    system: System, host: AskedHost
) -> None:
    names = [f"{number:02} {'long name ' * 4}x" for number in range(20)]
    gates = [gate(host.says("/g", NO), "start", name, weight="advisory") for name in names]
    scale_set = system.scale_set(capacity=20)
    view = system.run(scale_set, policy=policy(*gates, maxBatchInstances="100%"))
    assert view["phase"] == "Succeeded"
    status = system.api.get(system.managed(view["id"], "statusQueryGetUri")).json()
    assert len(status["customStatus"]["gates"]) == 20
    assert all(len(each["message"]) <= 70 for each in view["gates"])
