"""Gates between waves when a worker dies, a rollout breaks off, or a wait gets long."""

from typing import Any

import pytest
from answering import BUSY, NO, YES, AskedHost
from calling_back import called_back, questions, reply
from generations import LONGEST_HISTORY, generation, histories
from story import NEW, OLD, System
from waves import images, logged, two_waves, wave_gate

from local.host.engine.deaths import Death, Moment

type Json = dict[str, Any]


@pytest.mark.parametrize("moment", [*Moment])
def test_a_question_whose_worker_dies_could_not_be_told(
    system: System, host: AskedHost, moment: Moment
) -> None:
    death = Death("ask_gate", moment=moment)
    system.host.deaths.plan(death)
    fleet, _ = two_waves(system, wave_gate(host.says("/g", YES)))
    view = system.finish_fleet(fleet)
    assert death in system.host.deaths.happened
    assert view["phase"] == "Succeeded", view["message"]


@pytest.mark.parametrize(("then", "phase"), [(YES, "Succeeded"), (NO, "Failed")])
def test_a_fleet_rollout_that_broke_off_at_a_gate_asks_it_again(
    system: System, host: AskedHost, then: Any, phase: str
) -> None:
    fleet, scale_sets = two_waves(system, wave_gate(host.says("/g", BUSY), timeout="PT6H"))
    system.fleet_until(fleet, lambda _: host.times("/g") == 2)
    death = Death("roll_out_fleet", fleet)
    system.host.deaths.plan(death)
    system.pass_minutes(2)
    assert death in system.host.deaths.happened
    before = host.times("/g")
    assert images(system, scale_sets) == [NEW, OLD]
    host.says("/g", then)
    system.look_after()
    view = system.finish_fleet(fleet)
    assert (view["phase"], host.times("/g") > before) == (phase, True), view["message"]
    assert images(system, scale_sets) == [NEW, NEW if phase == "Succeeded" else OLD]


def test_an_answer_that_came_before_it_broke_off_counts(system: System, host: AskedHost) -> None:
    fleet, _ = two_waves(system, called_back(f"{host.url}/q", "wave", timeout="PT9H"))
    system.fleet_until(fleet, lambda _: len(questions(host)) == 1)
    system.host.deaths.plan(Death("roll_out_fleet", fleet))
    assert reply(system, questions(host)[0]).status_code == 202
    system.look_after()
    system.fleet_until(fleet, lambda _: len(questions(host)) == 2)
    assert questions(host)[1]["wave"] == "prod"
    assert reply(system, questions(host)[1]).status_code == 202
    assert system.finish_fleet(fleet)["phase"] == "Succeeded"


@pytest.mark.by_day(0)
def test_a_long_wait_at_a_gate_is_handed_from_history_to_history(
    system: System, host: AskedHost
) -> None:
    asked = wave_gate(host.says("/g", BUSY), timeout="P3D", interval="PT5M")
    fleet, _ = two_waves(system, asked)
    system.fleet_until(fleet, lambda _: host.times("/g") == 60, seconds=300)
    assert generation(system, fleet) > 1
    host.says("/g", YES)
    assert system.finish_fleet(fleet)["phase"] == "Succeeded"
    assert max(histories(system, fleet).values()) <= LONGEST_HISTORY
    assert len(logged(system, fleet, "waiting")) == 1
