import json
from typing import Any

import pytest
from builders import (
    NEW,
    START,
    fleet,
    planned,
    policy,
    request,
    seconds,
    spread,
    throttled,
)

from rollout import ending
from rollout.cell import Cell
from rollout.command import Command
from rollout.fleet import Instance
from rollout.phase import Phase, Verb
from rollout.plan import plan_batches
from rollout.problem import ArmError, sentence
from rollout.progress import Progress
from rollout.upgrade import BatchOutcome, BatchStatus
from rollout.view import Counts, RolloutView

AZURES_WORDS = "The resource operation completed with terminal provisioning state 'Failed'. " * 5
CUSTOM_STATUS = 16 * 1024
"""Bytes of UTF-16 JSON that Durable takes as a custom status (Durable extension source)."""


def _bytes(view: RolloutView) -> int:
    """What is published of it, as Durable measures it."""
    return len(json.dumps(view.status()).encode("utf-16-le"))


@pytest.mark.parametrize(
    ("cells", "counts"),
    [
        pytest.param("", Counts(), id="of nothing there is nothing"),
        pytest.param("ddp", Counts(total=3, done=2, pending=1), id="done and pending"),
        pytest.param("ucs", Counts(total=3, in_progress=3), id="three ways to be in progress"),
        pytest.param("kg", Counts(total=2, skipped=2), id="gone is left alone, as skipped is"),
        pytest.param("fd", Counts(total=2, failed=1, done=1), id="failed"),
    ],
)
def test_cells_are_counted(cells: str, counts: Counts) -> None:
    assert Counts.of(cells) == counts


@pytest.mark.parametrize(
    ("cells", "percent"),
    [
        pytest.param("", 100, id="nothing to do is done"),
        pytest.param("kkg", 100, id="nothing that moves is done"),
        pytest.param("dpp", 33, id="it rounds down"),
        pytest.param("d" * 999 + "p", 99, id="it is not 100 before the last one is done"),
        pytest.param("dk", 100, id="skipped ones are not waited for"),
        pytest.param("df", 50, id="failed ones are not done"),
        pytest.param("sp", 0, id="healthy, until stable, is not done"),
    ],
)
def test_percent(cells: str, percent: int) -> None:
    assert Counts.of(cells).percent == percent


def test_a_rollout_that_has_not_begun_has_a_view() -> None:
    view = RolloutView.waiting("r1", request(reason="CVE-2026-1234", by="alice@contoso.com"))
    assert (view.id, view.phase, view.message) == ("r1", Phase.PENDING, "Waiting to begin")
    assert (view.reason, view.by) == ("CVE-2026-1234", "alice@contoso.com")


def test_the_fields_of_a_view_are_always_there() -> None:
    view = RolloutView.waiting("r1", request()).to_json()
    assert set(view) == {
        "id", "scaleSet", "image", "phase", "message", "notice", "verbs", "batch", "batches",
        "counts", "percent", "startedAt", "finishedAt", "updatedAt", "eta", "reason", "by",
        "policy", "rows",
    }  # fmt: skip


def test_times_are_rfc_3339_in_utc() -> None:
    assert planned(fleet(spread(20))).view(START).to_json()["startedAt"] == "2026-07-01T12:00:00Z"


def test_the_images_are_from_and_to() -> None:
    image = planned(fleet(spread(20))).view(START).to_json()["image"]
    assert (image["from"]["version"], image["to"]["version"]) == (
        "14.04.201503090",
        "14.04.201507060",
    )


def test_a_view_is_read_as_it_was_written() -> None:
    view = planned(fleet(spread(20, zones=2))).view(START)
    assert RolloutView.from_json(json.loads(json.dumps(view.to_json()))) == view


def test_the_policy_is_not_published_and_comes_back_from_the_request() -> None:
    asked = request(policy(instanceIds=["3"], deadline="PT2H"))
    view = RolloutView.waiting("r1", asked)
    status = json.loads(json.dumps(view.status()))
    assert "policy" not in status
    assert RolloutView.from_status(status, asked) == view


def test_the_running_batch_is_put_into_the_view() -> None:
    view = planned(fleet(spread(20))).view(START)
    later = START + seconds(30)
    shown = view.with_batch(BatchStatus(row=1, cells="ddsu", message="working", updated_at=later))
    assert [row.cells for row in shown.rows] == ["pppp", "ddsu", "pppp", "pppp", "pppp"]
    assert (shown.counts.done, shown.counts.in_progress, shown.percent) == (2, 2, 10)
    assert (shown.message, shown.updated_at) == ("working", later)


def _failed(instances: list[Instance], error: str, **fields: Any) -> Progress:
    """A rollout of which a whole batch has failed, with everything said of it at its longest."""
    there = fleet(instances)
    order: dict[str, Any] = {"id": "r" * 100, "reason": "x" * 256, "by": "y" * 256, **fields}
    progress = planned(there, **order)
    batch = plan_batches(progress.order.request.policy, there, NEW).batches[0]
    did = ["failed to provision", "still on the old image"]
    reasons = {
        one: f"{did[number % 2]}: {sentence(error)}"
        for number, one in enumerate(batch.instance_ids)
    }
    outcome = BatchOutcome(cells=Cell.FAILED * len(reasons), reasons=reasons)
    progress = progress.began(batch, START).after(batch, outcome, START + seconds(900))
    abort = Command(verb=Verb.ABORT, reason="x" * 256, by="y" * 256)
    failure = ending.failure_of(progress)
    assert failure is not None
    return progress.told(abort).saying(ending.stopped(progress, batch.place, failure))


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
    progress = planned(fleet(spread(1000)), policy=rules)
    assert _bytes(progress.saying("Inspecting the scale set").view(START)) < CUSTOM_STATUS


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
    halted = ending.halted(planned(fleet(spread(1000))), str(error))
    view = planned(fleet(spread(1000))).ended(Phase.FAILED, halted, START).view(START)
    assert _bytes(view) < CUSTOM_STATUS
