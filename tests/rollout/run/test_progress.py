from datetime import timedelta
from typing import Any

import pytest
from builders import (
    NEW,
    OLD,
    START,
    instance,
    inventory,
    model,
    planned,
    policy,
    spread,
    unhealthy,
)

from rollout.base import Cell, Phase
from rollout.batch import GONE, BatchOrder, BatchOutcome
from rollout.inventory import Inventory
from rollout.plan import Batch, plan_batches
from rollout.plan.skip import PROTECTED
from rollout.run import Command, Progress, Verb

INVENTORY = inventory(spread(20))
BATCHES = plan_batches(policy(), INVENTORY, NEW).batches
DEADLINE = START + timedelta(days=1)


def _minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def _again(progress: Progress, there: Inventory) -> Progress:
    """The rollout after one more plan, made from a fresh look."""
    rules = progress.order.request.policy
    return progress.planned(there, plan_batches(rules, progress.still_rollable(there), NEW), NEW)


def _order(progress: Progress, batch: Batch, *, again: bool = False) -> BatchOrder:
    """What that batch is told when it begins."""
    return progress.batch_started(batch, START).batch_order(batch, model(), DEADLINE, again=again)


def _through(
    progress: Progress, batch: Batch, cells: str, reasons: dict[str, str] | None = None
) -> Progress:
    """The rollout after that batch, which took ten minutes: a letter per instance."""
    outcome = BatchOutcome(cells=cells, reasons=reasons or {})
    return progress.batch_started(batch, START).batch_finished(batch, outcome, START + _minutes(10))


def test_a_rollout_begins_waiting() -> None:
    progress = Progress(order=planned(INVENTORY).order, started_at=START)
    view = progress.view(START)
    assert (view.phase, view.message, view.percent) == (Phase.PENDING, "Waiting to begin", 0)


def test_a_plan_makes_every_instance_pending_or_skipped() -> None:
    progress = planned(
        inventory([instance(0, 0), instance(1, 0, protect_from_scale_set_actions=True)])
    )
    assert progress.tally.cells == {"0": Cell.PENDING, "1": Cell.SKIPPED}
    assert progress.tally.reasons == {"1": PROTECTED}


def test_the_plan_says_how_many_batches_there_are() -> None:
    assert planned(INVENTORY).batches == 5


def test_the_image_before_is_what_the_model_named_first() -> None:
    progress = _again(planned(INVENTORY), inventory(INVENTORY.instances, image=NEW))
    assert (progress.image.from_image, progress.image.to_image) == (OLD, NEW)


def test_the_baseline_is_every_instance_as_it_was_before() -> None:
    upgraded = INVENTORY.instances[0].model_copy(update={"image": NEW})
    progress = _again(planned(INVENTORY), inventory([upgraded, *INVENTORY.instances[1:]]))
    assert progress.baseline.inventory(INVENTORY) == INVENTORY


def test_the_baseline_holds_only_what_the_rollout_is_about() -> None:
    assert set(planned(INVENTORY, policy(updateDomains=[1])).baseline.instances) == {
        "1",
        "6",
        "11",
        "16",
    }


def test_an_instance_that_came_since_joins_the_baseline_as_it_came() -> None:
    newcomer = unhealthy(instance(20, 0))
    progress = _again(planned(INVENTORY), inventory([*INVENTORY.instances, newcomer]))
    assert progress.baseline.instances["20"] == newcomer
    assert progress.tally.cells["20"] is Cell.PENDING
    assert progress.baseline.unhealthy == ["20"]


def test_a_later_plan_counts_on_from_the_batches_behind_it() -> None:
    done = _through(planned(INVENTORY, policy(updateDomains=[0])), BATCHES[0], "dddd")
    assert _again(done, inventory([*INVENTORY.instances[1:], instance(20, 0)])).batches == 2


def test_what_is_through_stays_so_in_a_later_plan() -> None:
    done = _through(planned(INVENTORY), BATCHES[0], "dddd")
    upgraded = [
        there.model_copy(update={"image": NEW}) if there.update_domain == 0 else there
        for there in INVENTORY.instances
    ]
    assert _again(done, inventory(upgraded)).tally.cells["0"] is Cell.DONE


def test_an_instance_that_needs_nothing_any_more_when_planned_again_is_skipped() -> None:
    upgraded = INVENTORY.instances[0].model_copy(update={"image": NEW})
    progress = _again(planned(INVENTORY), inventory([upgraded, *INVENTORY.instances[1:]]))
    assert progress.tally.cells["0"] is Cell.SKIPPED


def test_an_instance_that_has_gone_when_planned_again_is_gone() -> None:
    progress = _again(planned(INVENTORY), inventory(INVENTORY.instances[1:]))
    assert (progress.tally.cells["0"], progress.tally.reasons.get("0")) == (Cell.GONE, GONE)


def test_an_instance_that_moves_after_all_has_no_reason_to_be_skipped_any_more() -> None:
    protected = instance(0, 0, protect_from_scale_set_actions=True)
    progress = _again(planned(inventory([protected])), inventory([instance(0, 0)]))
    assert (progress.tally.cells, dict(progress.tally.reasons)) == ({"0": Cell.PENDING}, {})


def test_an_instance_that_azure_moved_to_another_domain_can_still_be_upgraded() -> None:
    moved = INVENTORY.instances[0].model_copy(update={"update_domain": 1})
    there = inventory([moved, *INVENTORY.instances[1:]])
    batch = plan_batches(policy(), there, NEW).batches[1]
    order = _order(_again(planned(INVENTORY), there), batch)
    assert (order.instance_ids, order.positions) == (["0", "1", "6", "11"], [3, 4, 5, 6])


def test_a_batch_that_begins_is_counted_and_said() -> None:
    progress = planned(INVENTORY).batch_started(BATCHES[0], START)
    assert (progress.batch, progress.phase) == (1, Phase.PROGRESSING)
    assert progress.message == "Batch 1 of 5: update domain 0"


def test_a_batch_is_told_where_it_stands_in_the_picture() -> None:
    order = _order(planned(INVENTORY), BATCHES[2])
    assert (order.cells, order.positions) == ("pppp", [8, 9, 10, 11])
    assert (order.batch.number, order.batches, order.batch.place) == (1, 5, "update domain 2")


def test_a_batch_is_told_who_was_unhealthy_before() -> None:
    there = inventory([unhealthy(INVENTORY.instances[0]), *INVENTORY.instances[1:]])
    order = _order(planned(there), BATCHES[0])
    assert order.baseline_unhealthy == ["0"]


def test_after_a_batch_its_cells_and_reasons_are_known() -> None:
    progress = _through(planned(INVENTORY), BATCHES[0], "ddgf", {"10": GONE, "15": "is unhealthy"})
    assert "".join(progress.tally.cells[key] for key in BATCHES[0].instance_ids) == "ddgf"
    assert progress.tally.reasons == {"10": GONE, "15": "is unhealthy"}


def test_a_failed_instance_is_not_tried_again() -> None:
    progress = _through(planned(INVENTORY), BATCHES[0], "dddf")
    left = [there.instance_id for there in progress.still_rollable(INVENTORY).instances]
    assert set(left) == set(progress.tally.cells) - {"15"}


def test_a_failure_counts() -> None:
    assert _through(planned(INVENTORY), BATCHES[0], "dfdf").counted_failures == ["5", "15"]


def test_the_failure_of_an_instance_that_was_unhealthy_before_does_not_count() -> None:
    there = inventory([unhealthy(INVENTORY.instances[0]), *INVENTORY.instances[1:]])
    assert _through(planned(there), BATCHES[0], "fddf").counted_failures == ["15"]


def test_the_view_adds_up() -> None:
    view = _through(planned(INVENTORY), BATCHES[0], "dkgf").view(START)
    assert view.counts.to_json() == {
        "total": 20,
        "done": 1,
        "skipped": 2,
        "failed": 1,
        "aborted": 0,
        "inProgress": 0,
        "pending": 16,
    }


@pytest.mark.parametrize(
    ("cells", "percent"),
    [
        pytest.param("dddd", 20, id="4 of 20 done"),
        pytest.param("dddf", 15, id="failed ones are not done"),
        pytest.param("dddk", 15, id="3 of the 19 that are left, rounded down"),
    ],
)
def test_the_view_says_how_much_is_done(cells: str, percent: int) -> None:
    assert _through(planned(INVENTORY), BATCHES[0], cells).view(START).percent == percent


def test_an_empty_scale_set_is_done_only_when_the_rollout_has_succeeded() -> None:
    empty = planned(inventory([]))
    assert empty.view(START).percent == 0
    assert empty.finished(Phase.SUCCEEDED, "Nothing to upgrade", START).view(START).percent == 100


def test_what_was_said_stays_beside_every_message_until_the_end() -> None:
    progress = planned(INVENTORY).apply(Command(verb=Verb.ABORT, by="ann")).doing("Verifying")
    assert str(progress.view(START).notice).startswith("Abort requested by ann")
    assert progress.finished(Phase.ABORTED, "Aborted", START).view(START).notice is None


def test_the_end_is_remembered() -> None:
    view = planned(INVENTORY).finished(Phase.FAILED, "Stopped", START + _minutes(9)).view(START)
    assert (view.phase, view.message, view.finished_at) == (
        Phase.FAILED,
        "Stopped",
        START + _minutes(9),
    )


def _eta(progress: Progress, after: float) -> float | None:
    """The estimated end as seen `after` the start, both in minutes after the start."""
    eta = progress.view(START + _minutes(after)).eta
    return None if eta is None else (eta - START) / _minutes(1)


@pytest.mark.parametrize(
    ("rules", "after", "eta"),
    [
        pytest.param({}, 10, 50, id="four more batches of ten minutes"),
        pytest.param({"pauseBetweenBatches": "PT5M"}, 10, 65, id="with the pauses between them"),
    ],
)
def test_after_the_first_batch_the_end_is_estimated(
    rules: dict[str, Any], after: float, eta: float
) -> None:
    assert _eta(_through(planned(INVENTORY, policy(**rules)), BATCHES[0], "dddd"), after) == eta


def test_while_a_batch_runs_the_estimate_stands_still() -> None:
    running = _through(planned(INVENTORY), BATCHES[0], "dddd").batch_started(
        BATCHES[1], START + _minutes(10)
    )
    assert [_eta(running, 10), _eta(running, 15)] == [50, 50]


def test_the_estimate_is_never_in_the_past() -> None:
    rules = policy(updateDomains=[0, 1])
    last = _through(planned(INVENTORY, rules), BATCHES[0], "dddd").batch_started(
        BATCHES[1], START + _minutes(10)
    )
    assert _eta(last, 35) == 35


def test_before_the_first_batch_is_through_there_is_no_estimate() -> None:
    assert _eta(planned(INVENTORY).batch_started(BATCHES[0], START), 5) is None


def test_after_the_end_there_is_no_estimate() -> None:
    progress = _through(planned(INVENTORY), BATCHES[0], "dddd")
    assert _eta(progress.finished(Phase.FAILED, "Stopped", START), 10) is None


def test_what_was_unhealthy_outside_of_the_selection_counts_against_nobody_either() -> None:
    there = inventory([unhealthy(instance(0, 0)), instance(1, 1), unhealthy(instance(2, 2))])
    progress = planned(there, policy(updateDomains=[0, 1]))
    assert progress.baseline.unhealthy == ["0", "2"]
    later = _again(progress, inventory([*there.instances, unhealthy(instance(3, 3))]))
    assert "3" not in later.baseline.unhealthy
