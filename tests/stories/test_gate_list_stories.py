"""What a rollout waits for beside its gates is shown in one list with them, and until when."""

from datetime import datetime, timedelta
from typing import Any

from answering import YES, AskedHost
from gated import gate, policy
from story import System

type Json = dict[str, Any]

ORDER = ["pause between batches", "approval of each batch", "bake of the canary", "errors"]


def lines(view: Json) -> dict[str, Json]:
    return {line["name"]: line for line in view["gates"]}


def waits_at(name: str, kind: str) -> Any:
    def is_waited_for(view: Json) -> bool:
        line = lines(view).get(name, {})
        return line.get("kind") == kind and line.get("verdict") == "notYet"

    return is_waited_for


def ends_after(line: Json) -> timedelta:
    return datetime.fromisoformat(line["until"]) - datetime.fromisoformat(line["at"])


def tell(system: System, rollout: str, verb: str) -> None:
    answer = system.api.post(f"/api/rollouts/{rollout}/{verb}", json={"by": "ann"})
    assert answer.status_code == 202, answer.text
    system.host.wait_idle()


def test_approvals_bakes_and_pauses_are_in_the_list_of_gates(
    system: System, host: AskedHost
) -> None:
    rules = policy(
        gate(host.says("/g", YES)),
        canary={"instances": 1, "bake": "PT10M"},
        approval="everyBatch",
        approvalTimeout="PT1H",
        pauseBetweenBatches="PT5M",
    )
    rollout = system.start(system.scale_set(capacity=2, updateDomains=2), policy=rules).json()["id"]
    view = system.until(rollout, waits_at("approval of each batch", "approval"))
    assert [line["name"] for line in view["gates"]] == ORDER
    approval = lines(view)["approval of each batch"]
    assert ends_after(approval) == timedelta(hours=1)
    assert "waits for approval" in approval["message"]
    tell(system, rollout, "approve")
    view = system.until(rollout, waits_at("bake of the canary", "bake"))
    assert ends_after(lines(view)["bake of the canary"]) == timedelta(minutes=10)
    assert lines(view)["approval of each batch"]["verdict"] == "pass"
    view = system.until(rollout, waits_at("pause between batches", "pause"))
    assert ends_after(lines(view)["pause between batches"]) == timedelta(minutes=5)
    assert lines(view)["bake of the canary"]["verdict"] == "pass"
    assert lines(view)["errors"]["verdict"] == "pass"
    tell(system, rollout, "pause")
    view = system.until(rollout, waits_at("pause", "pause"))
    assert [line["name"] for line in view["gates"]] == ["pause", *ORDER]
    tell(system, rollout, "resume")
    system.until(rollout, waits_at("approval of each batch", "approval"))
    tell(system, rollout, "approve")
    view = system.finish(rollout)
    assert view["phase"] == "Succeeded"
    assert [line["name"] for line in view["gates"]] == ORDER


def test_a_rollout_without_any_has_none(system: System) -> None:
    assert system.run(system.scale_set(capacity=2, updateDomains=2))["gates"] == []
