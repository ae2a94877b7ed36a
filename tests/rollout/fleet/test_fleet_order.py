"""What a wave is told, and the rollout of each of its scale sets."""

import json
from datetime import timedelta

from builders import START, fleet_rollout, policy

from rollout.fleet import FleetMember, FleetOrder, WaveOrder
from rollout.run import Command, Verb

END = START + timedelta(days=30)
RULES = {"maxConcurrent": 4, "bakeAfter": "PT1H", "policy": {"maxBatchInstances": 1}}
ORDER = fleet_rollout(1, 2, rules=[{}, RULES], reason="CVE-2026-1234", by="ann")
ROLLBACK = Command(verb=Verb.ROLLBACK, by="ann")


def member_of(order: WaveOrder, policy_name: str) -> FleetMember:
    return order.members[0].model_copy(update={"policy": policy_name})


def test_a_wave_is_told_what_is_about_it() -> None:
    order = ORDER.wave(1, END)
    assert (order.fleet_id, order.number, order.not_after) == ("f1", 2, END)
    assert (order.members, order.image) == (ORDER.members[1], ORDER.request.image)
    assert (order.reason, order.by, order.rollback) == ("CVE-2026-1234", "ann", None)
    assert order.policies == ORDER.policies


def test_a_wave_is_told_its_rules_without_its_scale_sets() -> None:
    rules = ORDER.wave(1, END).rules
    assert rules.to_json() == {
        "name": "wave-2",
        "maxConcurrent": 4,
        "bakeAfter": "PT1H",
        "approval": "none",
        "maxFailedScaleSets": 0,
        "onNothingVerified": "ask",
        "minimumImageAge": "PT0S",
    }


def test_a_wave_on_the_way_back_has_an_instance_of_its_own() -> None:
    assert ORDER.wave(1, END).instance_id == "f1:wave-2"
    assert ORDER.wave(1, END, ROLLBACK).instance_id == "f1:rollback-2"
    assert ORDER.wave(1, END, ROLLBACK).rollback == ROLLBACK


def test_the_rollout_of_a_scale_set_is_an_ordinary_one_that_tells_its_wave() -> None:
    wave = ORDER.wave(1, END)
    member = wave.members[1]
    order = wave.order_of(member)
    assert (order.id, order.wave, order.rollback) == (member.rollout_id, "f1:wave-2", None)
    request = order.request
    assert (request.id, request.scale_set) == (None, member.scale_set)
    assert (request.image, request.reason, request.by) == (wave.image, "CVE-2026-1234", "ann")


def test_a_rollout_goes_by_the_policy_that_its_member_names() -> None:
    wave = ORDER.wave(1, END)
    assert wave.order_of(member_of(wave, "wave-2")).request.policy == policy(maxBatchInstances=1)
    assert wave.order_of(member_of(wave, "")).request.policy == ORDER.request.policy


def test_orders_survive_their_json() -> None:
    assert FleetOrder.from_json(json.loads(json.dumps(ORDER.to_json()))) == ORDER
    for wave in (ORDER.wave(0, END), ORDER.wave(1, END, ROLLBACK)):
        assert WaveOrder.from_json(json.loads(json.dumps(wave.to_json()))) == wave
