"""All that a page shows of a rollout, without a rule of its own: needs, consequences, timeline."""

from story import Json, System

WAITS = {"approval": "everyBatch"}
SMALL = {"capacity": 4, "updateDomains": 2}


def at(view: Json, name: str) -> bool:
    return view["phase"] == name


def line_of(system: System, rollout_id: str) -> Json:
    listed = system.api.get("/api/rollouts").json()
    return next(line for line in listed if line["id"] == rollout_id)


def names(batch: Json) -> list[str]:
    return [step["step"] for step in batch["steps"]]


def test_what_waits_for_an_approval_needs_somebody_since_then_and_until_it_pauses(
    system: System,
) -> None:
    rollout_id = system.start(system.scale_set(**SMALL), policy=WAITS).json()["id"]
    view = system.until(rollout_id, lambda view: at(view, "AwaitingApproval"))
    need = view["needs"]
    assert (need["what"], need["sentence"]) == ("approval", view["message"])
    assert {"since": need["since"], "until": need["until"]} == view["waits"]
    assert line_of(system, rollout_id)["needs"] == need
    assert view["consequences"].keys() == {*view["verbs"]}
    assert "The next batch waits for an approval again" in view["consequences"]["approve"]
    assert "No instance has been sent the new image" in view["consequences"]["abort"]
    assert view["consequences"]["rollback"].endswith("no instance was moved yet.")
    system.pass_minutes(1)
    assert system.view(rollout_id)["needs"]["since"] == need["since"]
    system.api.post(f"/api/rollouts/{rollout_id}/pause")
    view = system.until(rollout_id, lambda view: at(view, "Paused"))
    assert view["needs"]["what"] == "resume"
    system.api.post(f"/api/rollouts/{rollout_id}/abort")
    view = system.finish(rollout_id)
    assert (view["needs"], view["waits"], view["rollbackIncomplete"]) == (None, None, False)


def test_a_decision_is_needed_and_a_failure_until_a_later_rollout_begins(system: System) -> None:
    scale_set = system.scale_set(**SMALL)
    system.fault("upgradeFails", scaleSet=scale_set, instanceIds=["0"])
    policy = {"onFailure": "pause", "maxBatchInstances": "50%"}
    rollout_id = system.start(scale_set, policy=policy).json()["id"]
    view = system.until(rollout_id, lambda view: at(view, "Paused"))
    assert view["needs"]["what"] == "decision"
    assert "It leaves 1 failed instance as it is" in view["consequences"]["skip"]
    assert view["consequences"]["abort"].startswith("It ends: nothing is put back")
    assert "The model and 2 instances go back to Canonical" in view["consequences"]["rollback"]
    [first, second] = view["timeline"]
    assert (first["state"], second["state"]) == ("failed", "planned")
    ended = system.finish(rollout_id)
    assert (ended["phase"], ended["needs"]["what"]) == ("Failed", "failed")
    assert line_of(system, rollout_id)["needs"]["since"] == ended["finishedAt"]
    system.azure.delete("/_sim/faults")
    again = system.run(scale_set)
    assert (again["phase"], again["needs"]) == ("Succeeded", None)
    assert line_of(system, rollout_id)["needs"] is None


def test_a_rollback_that_is_not_complete_says_so(system: System) -> None:
    scale_set = system.scale_set(**SMALL)
    policy = {"maxBatchInstances": "50%", "rollbackOnFailure": "stop"}
    system.fault("upgradeFails", scaleSet=scale_set, instanceIds=["0"])
    view = system.run(scale_set, policy=policy)
    assert (view["phase"], view["rollbackIncomplete"]) == ("Failed", True)
    assert view["needs"]["what"] == "rollbackIncomplete"
    assert line_of(system, view["id"])["needs"]["what"] == "rollbackIncomplete"
    assert [batch["rollingBack"] for batch in view["timeline"]] == [False, True]


def test_the_timeline_tells_each_step_of_each_batch(system: System) -> None:
    policy = {"canary": {"instances": 1, "bake": "PT5M"}, "maxBatchInstances": "50%"}
    rollout_id = system.start(system.scale_set(**SMALL), policy=policy).json()["id"]
    seen: set[str] = set()

    def in_the_second(view: Json) -> bool:
        seen.update(names(batch)[-1] for batch in view["timeline"] if batch["steps"])
        return view["batch"] == 2 and view["batchBeganAt"] is not None

    view = system.until(rollout_id, in_the_second)
    canary, running, *rest = view["timeline"]
    assert seen >= {"upgrade", "boot", "bake"}
    assert (canary["canary"], canary["state"], canary["cells"]) == (True, "done", "d")
    assert names(canary)[:2] == ["checks", "upgrade"]
    assert names(canary)[-1] == "bake"
    ends = [step["endedAt"] for step in canary["steps"]]
    assert ends == [*(step["beganAt"] for step in canary["steps"][1:]), canary["endedAt"]]
    assert (running["state"], running["number"], running["place"]) == (
        "running", 2, "update domain 0",
    )  # fmt: skip
    assert "endedAt" not in running["steps"][-1]
    assert [(batch["state"], batch["steps"]) for batch in rest] == [("planned", [])]
    assert len(view["timeline"]) == view["batches"]
    ended = system.finish(rollout_id)
    assert [batch["state"] for batch in ended["timeline"]] == ["done"] * 3
    assert ended["lastEvent"] == f"0:{len(system.events(rollout_id))}"


def test_an_instance_has_a_name_its_batch_and_when_that_was(system: System) -> None:
    uniform = system.run(system.scale_set(name="named", **SMALL))
    rows = system.api.get(f"/api/rollouts/{uniform['id']}/instances").json()
    assert {row["name"] for row in rows} == {f"named_{number}" for number in range(4)}
    [of_first] = [
        batch for batch in uniform["timeline"] if rows[0]["instanceId"] in batch["instanceIds"]
    ]
    assert rows[0]["batch"] == of_first["number"]
    assert (rows[0]["sentAt"], rows[0]["endedAt"]) == (of_first["sentAt"], of_first["endedAt"])
    assert rows[0]["health"] == "healthy"


def test_only_what_came_since_is_read_again(system: System) -> None:
    rollout_id = system.start(system.scale_set(**SMALL), policy=WAITS).json()["id"]
    view = system.until(rollout_id, lambda view: at(view, "AwaitingApproval"))
    path = f"/api/rollouts/{rollout_id}/events"
    known = system.api.get(path).json()
    assert view["lastEvent"] == f"0:{max(event['number'] for event in known)}"
    assert system.api.get(path, params={"after": view["lastEvent"]}).json() == []
    system.api.post(f"/api/rollouts/{rollout_id}/abort")
    system.finish(rollout_id)
    new = system.api.get(path, params={"after": view["lastEvent"]}).json()
    assert [*known, *new] == system.api.get(path).json()
    for wrong in ("x", "-1", "1.5", "0:", "1:2;2:3", "0:1,"):
        answer = system.api.get(path, params={"after": wrong})
        assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, "after")


def test_a_fleet_rollout_says_the_same_of_itself(system: System) -> None:
    first, second = system.small(2)
    waves = [
        {"name": "one", "scaleSets": [first], "bakeAfter": "PT10M"},
        {"name": "two", "scaleSets": [second], "approval": "before"},
    ]
    fleet_id = system.start_fleet(waves).json()["id"]
    baking = system.fleet_until(fleet_id, lambda view: view["waves"][0]["state"] == "baking")
    assert (baking["needs"], baking["waveCount"]) == (None, 2)
    assert baking["waves"][0]["bakingUntil"]
    view = system.fleet_until(fleet_id, lambda view: at(view, "AwaitingApproval"))
    assert [wave["state"] for wave in view["waves"]] == ["done", "awaitingApproval"]
    assert [wave["approval"] for wave in view["waves"]] == ["none", "before"]
    assert [wave["bakeAfter"] for wave in view["waves"]] == ["PT10M", "PT0S"]
    assert view["needs"]["what"] == "approval"
    assert view["needs"]["until"] == view["waits"]["until"]
    assert view["consequences"].keys() == {*view["verbs"]}
    [line] = [one for one in system.api.get("/api/fleet-rollouts").json() if one["id"] == fleet_id]
    assert (line["needs"], line["waveCount"]) == (view["needs"], 2)
    events = system.api.get(f"/api/fleet-rollouts/{fleet_id}/events").json()
    assert view["lastEvent"] == f"0:{len(events)}"
    done, waiting = system.api.get(f"/api/fleet-rollouts/{fleet_id}/scale-sets").json()
    assert (done["phase"], done["percent"], done["counts"]["done"]) == ("Succeeded", 100, 2)
    assert "phase" not in waiting
    system.api.post(f"/api/fleet-rollouts/{fleet_id}/abort")
    assert system.finish_fleet(fleet_id)["needs"] is None


def test_an_abort_of_a_rollback_speaks_of_the_way_back(system: System) -> None:
    rollout_id = system.run(system.scale_set(**SMALL))["id"]
    system.api.post(f"/api/rollouts/{rollout_id}/rollback")
    view = system.until(
        rollout_id, lambda view: at(view, "RollingBack") and view["counts"]["inProgress"] > 0
    )
    assert "going back" in view["message"]
    assert view["verbs"] == ["abort"]
    assert "what has not gone back runs the image that it runs now" in view["consequences"]["abort"]
    sent = [each for each in system.events(rollout_id) if each["kind"] == "upgradeSent"]
    assert "to put 1 instance(s) back" in sent[-1]["message"]
