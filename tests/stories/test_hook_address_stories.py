"""Hooks that are told what instances are called inside, and their private addresses."""

from typing import Any

import pytest
from answering import AskedHost
from calling_back import asked, reply
from gated import SMALL
from hooked import (
    BROKEN,
    answered_at_once,
    by_callback,
    calls,
    drain_and_back,
    drain_and_back_by_callback,
    hooked,
    logged,
)
from rbac import addressed, granted, needed
from story import System

from local.host.engine.deaths import Death, Moment

type Json = dict[str, Any]

ADDRESSES = {"0": "10.0.0.4", "1": "10.0.0.5", "2": "10.0.0.6", "3": "10.0.0.7"}


def reads(system: System) -> list[str]:
    """The paths of the calls that read network interfaces."""
    return [each["path"] for each in system.requests() if "/networkInterfaces" in each["path"]]


def given(host: AskedHost, path: str) -> list[dict[str, list[str] | None]]:
    """The private addresses by instance that each call of that path was told."""
    return [
        {each["id"]: each.get("privateAddresses") for each in call.body["instances"]}
        for call in calls(host, path)
    ]


def test_addresses_are_read_once_for_a_batch_and_only_for_who_asks(
    system: System, host: AskedHost
) -> None:
    drain, back = drain_and_back(host)
    quiet = {**drain, "name": "quiet", "call": {**drain["call"], "url": f"{host.url}/quiet"}}
    host.says("/drain", BROKEN, BROKEN, (200, "done"))
    hooks = [{**drain, "addresses": True}, quiet, {**back, "addresses": True}]
    view = system.run(system.scale_set(**SMALL), policy=hooked(*hooks))
    assert view["phase"] == "Succeeded", view["message"]
    batches = [{each: [ADDRESSES[each]] for each in ids} for ids in (["0", "2"], ["1", "3"])]
    assert given(host, "/drain") == [batches[0]] * 3 + [batches[1]]
    assert given(host, "/back") == batches
    assert given(host, "/quiet") == [{"0": None, "2": None}, {"1": None, "3": None}]
    scale_set = view["scaleSet"].casefold()
    assert [each.partition("?")[0].casefold() for each in reads(system)] == [
        f"{scale_set}/networkinterfaces"
    ] * 2
    of_sets, of_network = sorted(addressed())
    assert needed(system.requests()) - granted() == {of_sets}
    assert "virtualmachinescalesets" in of_sets
    assert of_network.startswith("microsoft.network/")


def test_nobody_who_does_not_ask_costs_a_read(system: System, host: AskedHost) -> None:
    view = system.run(system.scale_set(**SMALL), policy=hooked(*drain_and_back(host)))
    assert view["phase"] == "Succeeded", view["message"]
    assert reads(system) == []


def test_a_flexible_scale_set_is_read_vm_by_vm(system: System, host: AskedHost) -> None:
    hooks = [{**each, "addresses": True} for each in drain_and_back(host)]
    scale_set = system.scale_set(capacity=3, orchestrationMode="Flexible")
    view = system.run(scale_set, policy=hooked(*hooks, maxBatchInstances=2))
    assert view["phase"] == "Succeeded", view["message"]
    told = {each: known for call in given(host, "/drain") for each, known in call.items()}
    assert sorted(known[0] for known in told.values() if known) == sorted(ADDRESSES.values())[:3]
    assert given(host, "/back") == given(host, "/drain")
    assert len(reads(system)) == 3
    assert all("Microsoft.Network/networkInterfaces/" in each for each in reads(system))
    assert needed(system.requests()) - granted() == {max(addressed())}
    first = host.asked[0].body["instances"][0]
    assert (first["name"], "computerName" in first) == (first["id"], True)


def test_a_list_in_pages_is_read_to_its_end(system: System, host: AskedHost) -> None:
    hooks = [{**drain_and_back(host)[0], "addresses": True}]
    scale_set = system.scale_set(capacity=4, updateDomains=1, pageSize=2)
    view = system.run(scale_set, policy=hooked(*hooks))
    assert view["phase"] == "Succeeded", view["message"]
    assert given(host, "/drain") == [
        {each: [ADDRESSES[each]] for each in ids} for ids in (["0", "1"], ["2", "3"])
    ]
    assert len(reads(system)) == 4


@pytest.mark.parametrize(("action", "phase"), [("fail", "RolledBack"), ("goOn", "Succeeded")])
def test_a_read_that_fails_is_a_call_that_fails(
    system: System, host: AskedHost, action: str, phase: str
) -> None:
    scale_set = system.scale_set(**SMALL)
    system.fault("serverError", path="/networkInterfaces", rate=1)
    drain, back = drain_and_back(host, timeout="PT3M", action=action)
    policy = hooked({**drain, "addresses": True}, back)
    view = system.run(scale_set, policy=policy)
    assert view["phase"] == phase, view["message"]
    assert calls(host, "/drain") == []
    kind = "hookFailed" if action == "fail" else "hookNoted"
    failed = logged(system, view["id"], kind)[0]
    assert "hook drain was not done within 3 min: the private addresses could not be read: " in (
        failed["message"].lower()
    )


def test_a_read_that_fails_twice_is_tried_again(system: System, host: AskedHost) -> None:
    scale_set = system.scale_set(**SMALL)
    system.fault("throttle", count=2, retryAfter=40, path="/networkInterfaces")
    drain = {**drain_and_back(host)[0], "addresses": True}
    view = system.run(scale_set, policy=hooked(drain))
    assert view["phase"] == "Succeeded", view["message"]
    assert [each.body["attempt"] for each in calls(host, "/drain")][-1] == 1


@pytest.mark.parametrize("moment", [*Moment])
def test_a_read_whose_worker_dies_is_repeated(
    system: System, host: AskedHost, moment: Moment
) -> None:
    death = Death("read_addresses", moment=moment)
    system.host.deaths.plan(death)
    hooks = [{**each, "addresses": True} for each in drain_and_back(host)]
    view = system.run(system.scale_set(**SMALL), policy=hooked(*hooks))
    assert death in system.host.deaths.happened
    assert view["phase"] == "Succeeded", view["message"]
    assert given(host, "/drain")[0] == {"0": ["10.0.0.4"], "2": ["10.0.0.6"]}


def test_who_answers_later_is_told_them_too(system: System, host: AskedHost) -> None:
    hooks = [{**each, "addresses": True} for each in drain_and_back_by_callback(host)]
    answered_at_once(host)
    view = system.run(system.scale_set(**SMALL), policy=hooked(*hooks))
    assert view["phase"] == "Succeeded", view["message"]
    assert given(host, "/drain") == given(host, "/back")
    assert given(host, "/drain")[0] == {"0": ["10.0.0.4"], "2": ["10.0.0.6"]}
    assert len(reads(system)) == 2


def test_the_watch_reads_them_for_what_a_rollout_has_left(system: System, host: AskedHost) -> None:
    drain = drain_and_back(host)[0]
    hooks = [drain, {**by_callback(host, "afterBatch", "back", timeout="PT2H"), "addresses": True}]
    scale_set = system.scale_set(**SMALL)
    rollout = system.start(scale_set, policy=hooked(*hooks)).json()["id"]
    first = asked(system, host, rollout, 1, "/back")
    uri = system.managed(rollout, "terminatePostUri").replace("{text}", "wrong")
    assert system.api.post(uri).status_code == 202
    system.look_after()
    with system.host.skipping():
        system.host.wait_idle()
    again = calls(host, "/back")[1].body
    assert [each["privateAddresses"] for each in again["instances"]] == [["10.0.0.4"], ["10.0.0.6"]]
    names = [each["computerName"] for each in again["instances"]]
    assert names == [each["computerName"] for each in first["instances"]]
    assert reply(system, again).status_code == 410


def test_a_plan_says_who_is_told_addresses(system: System, host: AskedHost) -> None:
    drain = {**drain_and_back(host)[0], "addresses": True}
    plan = system.plan(system.scale_set(**SMALL), policy=hooked(drain))
    assert plan["hooks"][0]["message"] == (
        "would be called before each of 2 batches, for at most 10 min, with private addresses: "
        "POST 127.0.0.1/drain"
    )
    assert reads(system) == []
