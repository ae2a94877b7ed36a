import json
from dataclasses import replace
from typing import Any

import pytest
from builders import (
    NEW,
    START,
    inventory,
    planned,
    policy,
    request,
    seconds,
    spread,
    throttled,
)

from rollout.base import ArmError, Cell, Phase, sentence
from rollout.batch import BatchOutcome, BatchStatus
from rollout.gates import GATE, GateSaid, GateVerdict
from rollout.inventory import Instance
from rollout.plan import plan_batches
from rollout.run import (
    Command,
    Progress,
    RolloutEnding,
    RolloutView,
    SuspendedRepairs,
    Verb,
    failure_of,
)

AZURES_WORDS = "The resource operation completed with terminal provisioning state 'Failed'. " * 5
CUSTOM_STATUS = 16 * 1024
"""Bytes of UTF-16 JSON that Durable takes as a custom status (Durable extension source)."""


def _bytes(view: RolloutView) -> int:
    """What is published of it, as Durable measures it."""
    return len(json.dumps(view.published()).encode("utf-16-le"))


def test_a_rollout_that_has_not_begun_has_a_view() -> None:
    view = RolloutView.waiting("r1", request(reason="CVE-2026-1234", by="alice@contoso.com"))
    assert (view.id, view.phase, view.message) == ("r1", Phase.PENDING, "Waiting to begin")
    assert (view.reason, view.by) == ("CVE-2026-1234", "alice@contoso.com")


def test_the_fields_of_a_view_are_always_there() -> None:
    view = RolloutView.waiting("r1", request()).to_json()
    assert set(view) == {
        "id", "scaleSet", "image", "phase", "message", "notice", "verbs", "batch", "batches",
        "batchBeganAt", "counts", "control", "percent", "startedAt", "finishedAt", "updatedAt",
        "standingStillSince", "eta", "healthSource", "healthAsIn", "reason", "by", "policy", "rows",
        "version",
        "repairsSuspended", "repairs", "waits", "stopped", "rollbackIncomplete", "batchUpgradedAt",
        "batchHealthyAt", "modelSet", "gates", "hooks", "questions", "opensAt",
    }  # fmt: skip


def test_times_are_rfc_3339_in_utc() -> None:
    assert (
        planned(inventory(spread(20))).view(START).to_json()["startedAt"] == "2026-07-01T12:00:00Z"
    )


def test_the_images_are_from_and_to() -> None:
    image = planned(inventory(spread(20))).view(START).to_json()["image"]
    assert (image["from"]["version"], image["to"]["version"]) == (
        "14.04.201503090",
        "14.04.201507060",
    )


def test_a_view_is_read_as_it_was_written() -> None:
    view = planned(inventory(spread(20, zones=2))).view(START)
    assert RolloutView.from_json(json.loads(json.dumps(view.to_json()))) == view


def test_the_policy_is_not_published_and_comes_back_from_the_request() -> None:
    asked = request(policy(instanceIds=["3"], deadline="PT2H"))
    view = RolloutView.waiting("r1", asked)
    status = json.loads(json.dumps(view.published()))
    assert "policy" not in status
    assert RolloutView.from_status(status, asked) == view


def test_the_running_batch_is_put_into_the_view() -> None:
    view = planned(inventory(spread(20))).view(START)
    later = START + seconds(30)
    status = BatchStatus(cells="ddsu", message="working", updated_at=later)
    shown = view.with_batch(status, [4, 5, 6, 7])
    assert [row.cells for row in shown.rows] == ["pppp", "ddsu", "pppp", "pppp", "pppp"]
    assert (shown.counts.done, shown.counts.in_progress, shown.percent) == (2, 2, 10)
    assert (shown.message, shown.updated_at) == ("working", later)


def _failed(instances: list[Instance], error: str, **fields: Any) -> Progress:
    """A rollout of which a whole batch has failed, with everything said of it at its longest."""
    there = inventory(instances)
    order: dict[str, Any] = {"id": "r" * 100, "reason": "x" * 256, "by": "y" * 256, **fields}
    progress = planned(there, **order)
    batch = plan_batches(progress.order.request.policy, there, NEW).batches[0]
    did = ["failed to provision", "still on the old image"]
    reasons = {
        instance_id: f"{did[number % 2]}: {sentence(error)}"
        for number, instance_id in enumerate(batch.instance_ids)
    }
    outcome = BatchOutcome(cells=Cell.FAILED * len(reasons), reasons=reasons)
    progress = progress.batch_started(batch, START).batch_finished(
        batch, outcome, START + seconds(900)
    )
    abort = Command(verb=Verb.ABORT, reason="x" * 256, by="y" * 256)
    failure = failure_of(progress)
    assert failure is not None
    return progress.apply(abort).doing(RolloutEnding(progress).failed(batch.place, failure))


@pytest.mark.parametrize(
    "instances",
    [
        pytest.param(spread(1000, placement_groups=10), id="5 update domains"),
        pytest.param(spread(1000, 20, zones=3), id="20 update domains in each of 3 zones"),
    ],
)
def test_the_status_of_a_thousand_instances_fits_into_durables_custom_status(
    instances: list[Instance],
) -> None:
    assert _bytes(_failed(instances, AZURES_WORDS).view(START)) < CUSTOM_STATUS


def test_the_status_fits_also_with_fault_domains_in_every_update_domain() -> None:
    # 25 fault domains in turn put 5 into each of the 5 update domains: 75 rows.
    instances = spread(1000, zones=3, fault_domains=25)
    rules = policy(batchBy="faultDomain").to_json()
    assert _bytes(_failed(instances, AZURES_WORDS, policy=rules).view(START)) < CUSTOM_STATUS


def test_the_status_fits_also_when_every_instance_is_named_in_the_request() -> None:
    rules = policy(instanceIds=[str(number) for number in range(1000)]).to_json()
    progress = planned(inventory(spread(1000)), policy=rules)
    assert _bytes(progress.doing("Inspecting the scale set").view(START)) < CUSTOM_STATUS


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("One of the disks could not be attached. " * 200, id="many"),
        pytest.param("磁盘无法附加。" * 200, id="of another script, six characters each in JSON"),
    ],
)
def test_the_status_fits_however_many_words_azure_makes(words: str) -> None:
    assert _bytes(_failed(spread(1000), words).view(START)) < CUSTOM_STATUS


def test_an_error_of_azures_fits_however_long_it_is() -> None:
    error: ArmError = throttled(message="One of the disks could not be attached. " * 500)
    progress = planned(inventory(spread(1000)))
    stopped = RolloutEnding(progress).stopped(str(error))
    view = progress.finished(Phase.FAILED, stopped, START).view(START)
    assert _bytes(view) < CUSTOM_STATUS


def test_the_status_fits_also_after_a_pause_and_an_abort() -> None:
    rules = policy(batchBy="faultDomain").to_json()
    progress = _failed(spread(1000, zones=3, fault_domains=25), AZURES_WORDS, policy=rules)
    pause = Command(verb=Verb.PAUSE, reason="x" * 256, by="y" * 256)
    assert _bytes(progress.apply(pause).view(START)) < CUSTOM_STATUS
    assert _bytes(progress.apply(pause).doing("words " * 1000).view(START)) < CUSTOM_STATUS


NAMED = "n" * 47
CHECKS = "https://checks.contoso.com/ask"


def _checked(instances: list[Instance], gates: int, hooks: int) -> Progress:
    """The same with so many gates, which are asked and have yet to answer, and so many hooks, all
    with much to say.
    """
    asks, calls = {"kind": "callback", "url": CHECKS}, {"kind": "http", "url": CHECKS}
    asked = [
        {"name": f"{NAMED}{n:03}", "place": "beforeBatch", "check": asks} for n in range(gates)
    ]
    called = [
        {"name": f"{NAMED}{n:03}", "place": "beforeBatch", "call": calls} for n in range(hooks)
    ]
    rules = policy(batchBy="faultDomain", gates=asked, hooks=called)
    progress = _failed(instances, AZURES_WORDS, policy=rules.to_json())
    said = GateSaid(verdict=GateVerdict.NOT_YET, message=AZURES_WORDS, at=START)
    questions = progress.questions
    for gate in rules.gates:
        questions = questions.asking(f"{GATE} {gate.name}", gate.name, START + seconds(900), START)
    return replace(
        progress,
        gates={gate.name: said for gate in rules.gates},
        hooks={hook.name: said for hook in rules.hooks},
        questions=questions,
    )


THOUSAND = spread(1000, placement_groups=10)
SEVENTY_FIVE_ROWS = spread(1000, zones=3, fault_domains=25)


@pytest.mark.parametrize("instances", [THOUSAND, SEVENTY_FIVE_ROWS], ids=["5 rows", "75 rows"])
@pytest.mark.parametrize(("gates", "hooks"), [(20, 8), (10, 4)])
def test_the_status_fits_however_many_gates_hooks_and_questions_there_are(
    instances: list[Instance], gates: int, hooks: int
) -> None:
    pause = Command(verb=Verb.PAUSE, reason="x" * 256, by="y" * 256)
    repairs = SuspendedRepairs(since=START).because(sentence(AZURES_WORDS))
    progress = replace(_checked(instances, gates, hooks), repairs=repairs)
    view = progress.apply(pause).view(START)
    assert _bytes(view) < CUSTOM_STATUS
    asked = request(view.policy)
    read = RolloutView.from_status(json.loads(json.dumps(view.published())), asked)
    assert [line.name for line in read.gates] == [line.name for line in view.gates]
    assert [line.kind for line in read.hooks] == ["http"] * hooks
    assert read.questions == view.questions
    assert len(read.questions) == gates


def test_what_gates_have_said_is_left_out_before_what_they_have_answered() -> None:
    view = _checked(THOUSAND, 20, 8).view(START)
    read = RolloutView.from_status(view.published(), request(view.policy))
    assert {line.message for line in (*read.gates, *read.hooks)} == {None}
    assert {line.verdict for line in (*read.gates, *read.hooks)} == {GateVerdict.NOT_YET}


def test_as_long_as_there_is_room_nothing_is_left_out() -> None:
    view = _checked(THOUSAND, 5, 2).view(START)
    read = RolloutView.from_status(view.published(), request(view.policy))
    assert (read.gates, read.hooks) == (view.gates, view.hooks)


def test_a_batch_whose_positions_are_not_known_shows_its_message_only() -> None:
    status = BatchStatus(cells="duuu", message="working", updated_at=START)
    view = planned(inventory(spread(20))).view(START)
    shown = view.with_batch(status, [])
    assert (shown.rows, shown.message) == (view.rows, "working")
