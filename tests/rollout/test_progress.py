from datetime import timedelta
from typing import Any

import pytest
from builders import (
    NEW,
    OLD,
    START,
    fleet,
    instance,
    model,
    planned,
    policy,
    sick,
    spread,
)

from rollout.cell import Cell
from rollout.command import Command
from rollout.fleet import Fleet
from rollout.gate import GONE
from rollout.phase import Phase, Verb
from rollout.plan import Batch, plan_batches
from rollout.progress import Progress
from rollout.skip import PROTECTED
from rollout.upgrade import BatchOutcome, Upgrade

FLEET = fleet(spread(20))
BATCHES = plan_batches(policy(), FLEET, NEW).batches
DEADLINE = START + timedelta(days=1)


def _minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def _again(progress: Progress, there: Fleet) -> Progress:
    """The rollout after one more plan, made from a fresh look."""
    rules = progress.order.request.policy
    return progress.planned(there, plan_batches(rules, progress.still_rollable(there), NEW), NEW)


def _told(progress: Progress, batch: Batch) -> Upgrade:
    """What that batch is told when it begins."""
    return progress.began(batch, START).upgrade(batch, model(), DEADLINE, again=False)


def _through(
    progress: Progress, batch: Batch, cells: str, reasons: dict[str, str] | None = None
) -> Progress:
    """The rollout after that batch, which took ten minutes: a letter per instance."""
    outcome = BatchOutcome(cells=cells, reasons=reasons or {})
    return progress.began(batch, START).after(batch, outcome, START + _minutes(10))


def test_a_rollout_begins_waiting() -> None:
    progress = Progress(order=planned(FLEET).order, started_at=START)
    view = progress.view(START)
    assert (view.phase, view.message, view.percent) == (Phase.PENDING, "Waiting to begin", 0)


def test_a_plan_makes_every_instance_pending_or_skipped() -> None:
    progress = planned(fleet([instance(0, 0), instance(1, 0, protected=True)]))
    assert progress.cells == {"0": Cell.PENDING, "1": Cell.SKIPPED}
    assert progress.reasons == {"1": PROTECTED}


def test_the_plan_says_how_many_batches_there_are() -> None:
    assert planned(FLEET).batches == 5


def test_the_image_before_is_what_the_model_named_first() -> None:
    progress = _again(planned(FLEET), fleet(FLEET.instances, image=NEW))
    assert (progress.image.from_image, progress.image.to_image) == (OLD, NEW)


def test_the_baseline_is_every_instance_as_it_was_before() -> None:
    upgraded = FLEET.instances[0].model_copy(update={"image": NEW})
    progress = _again(planned(FLEET), fleet([upgraded, *FLEET.instances[1:]]))
    assert progress.baseline_fleet(FLEET) == FLEET


def test_the_baseline_holds_only_what_the_rollout_is_about() -> None:
    assert set(planned(FLEET, policy(updateDomains=[1])).baseline) == {"1", "6", "11", "16"}


def test_an_instance_that_came_since_joins_the_baseline_as_it_came() -> None:
    newcomer = sick(instance(20, 0))
    progress = _again(planned(FLEET), fleet([*FLEET.instances, newcomer]))
    assert progress.baseline["20"] == newcomer
    assert progress.cells["20"] is Cell.PENDING
    assert progress.baseline_unhealthy == ["20"]


def test_a_later_plan_counts_on_from_the_batches_behind_it() -> None:
    done = _through(planned(FLEET, policy(updateDomains=[0])), BATCHES[0], "dddd")
    assert _again(done, fleet([*FLEET.instances[1:], instance(20, 0)])).batches == 2


def test_what_is_through_stays_so_in_a_later_plan() -> None:
    done = _through(planned(FLEET), BATCHES[0], "dddd")
    upgraded = [
        one.model_copy(update={"image": NEW}) if one.update_domain == 0 else one
        for one in FLEET.instances
    ]
    assert _again(done, fleet(upgraded)).cells["0"] is Cell.DONE


def test_an_instance_that_needs_nothing_any_more_when_planned_again_is_skipped() -> None:
    upgraded = FLEET.instances[0].model_copy(update={"image": NEW})
    progress = _again(planned(FLEET), fleet([upgraded, *FLEET.instances[1:]]))
    assert progress.cells["0"] is Cell.SKIPPED


def test_an_instance_that_has_gone_when_planned_again_is_gone() -> None:
    progress = _again(planned(FLEET), fleet(FLEET.instances[1:]))
    assert (progress.cells["0"], progress.reasons.get("0")) == (Cell.GONE, GONE)


def test_an_instance_that_moves_after_all_has_no_reason_to_be_skipped_any_more() -> None:
    protected = instance(0, 0, protected=True)
    progress = _again(planned(fleet([protected])), fleet([instance(0, 0)]))
    assert (progress.cells, dict(progress.reasons)) == ({"0": Cell.PENDING}, {})


def test_an_instance_that_azure_moved_to_another_domain_can_still_be_upgraded() -> None:
    moved = FLEET.instances[0].model_copy(update={"update_domain": 1})
    there = fleet([moved, *FLEET.instances[1:]])
    batch = plan_batches(policy(), there, NEW).batches[1]
    upgrade = (
        _again(planned(FLEET), there)
        .began(batch, START)
        .upgrade(batch, model(), DEADLINE, again=False)
    )
    assert (upgrade.instance_ids, upgrade.offsets) == (["0", "1", "6", "11"], [0, 1, 2, 3])


def test_a_batch_that_begins_is_counted_and_said() -> None:
    progress = planned(FLEET).began(BATCHES[0], START)
    assert (progress.batch, progress.phase) == (1, Phase.PROGRESSING)
    assert progress.message == "Batch 1 of 5: update domain 0"


def test_a_batch_is_told_where_it_stands_in_the_picture() -> None:
    upgrade = _told(planned(FLEET), BATCHES[2])
    assert (upgrade.row, upgrade.row_cells, upgrade.offsets) == (2, "pppp", [0, 1, 2, 3])
    assert (upgrade.number, upgrade.batches, upgrade.place) == (1, 5, "update domain 2")


def test_a_batch_is_told_who_was_unhealthy_before() -> None:
    there = fleet([sick(FLEET.instances[0]), *FLEET.instances[1:]])
    upgrade = _told(planned(there), BATCHES[0])
    assert upgrade.baseline_unhealthy == ["0"]


def test_after_a_batch_its_cells_and_reasons_are_known() -> None:
    progress = _through(planned(FLEET), BATCHES[0], "ddgf", {"10": GONE, "15": "is unhealthy"})
    assert "".join(progress.cells[one] for one in BATCHES[0].instance_ids) == "ddgf"
    assert progress.reasons == {"10": GONE, "15": "is unhealthy"}


def test_a_failed_instance_is_not_tried_again() -> None:
    progress = _through(planned(FLEET), BATCHES[0], "dddf")
    left = [one.instance_id for one in progress.still_rollable(FLEET).instances]
    assert set(left) == set(progress.cells) - {"15"}


def test_a_failure_counts() -> None:
    assert _through(planned(FLEET), BATCHES[0], "dfdf").counted_failures == ["5", "15"]


def test_the_failure_of_an_instance_that_was_unhealthy_before_does_not_count() -> None:
    there = fleet([sick(FLEET.instances[0]), *FLEET.instances[1:]])
    assert _through(planned(there), BATCHES[0], "fddf").counted_failures == ["15"]


def test_the_view_adds_up() -> None:
    view = _through(planned(FLEET), BATCHES[0], "dkgf").view(START)
    assert view.counts.to_json() == {
        "total": 20,
        "done": 1,
        "skipped": 2,
        "failed": 1,
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
    assert _through(planned(FLEET), BATCHES[0], cells).view(START).percent == percent


def test_an_empty_scale_set_is_done_only_when_the_rollout_has_succeeded() -> None:
    empty = planned(fleet([]))
    assert empty.view(START).percent == 0
    assert empty.ended(Phase.SUCCEEDED, "Nothing to upgrade", START).view(START).percent == 100


def test_what_was_said_stays_beside_every_message_until_the_end() -> None:
    progress = planned(FLEET).told(Command(verb=Verb.ABORT, by="ann")).saying("Verifying")
    assert str(progress.view(START).notice).startswith("Abort requested by ann")
    assert progress.ended(Phase.ABORTED, "Aborted", START).view(START).notice is None


def test_the_end_is_remembered() -> None:
    view = planned(FLEET).ended(Phase.FAILED, "Stopped", START + _minutes(9)).view(START)
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
    assert _eta(_through(planned(FLEET, policy(**rules)), BATCHES[0], "dddd"), after) == eta


def test_while_a_batch_runs_the_estimate_stands_still() -> None:
    running = _through(planned(FLEET), BATCHES[0], "dddd").began(BATCHES[1], START + _minutes(10))
    assert [_eta(running, 10), _eta(running, 15)] == [50, 50]


def test_the_estimate_is_never_in_the_past() -> None:
    rules = policy(updateDomains=[0, 1])
    last = _through(planned(FLEET, rules), BATCHES[0], "dddd").began(
        BATCHES[1], START + _minutes(10)
    )
    assert _eta(last, 35) == 35


def test_before_the_first_batch_is_through_there_is_no_estimate() -> None:
    assert _eta(planned(FLEET).began(BATCHES[0], START), 5) is None


def test_after_the_end_there_is_no_estimate() -> None:
    progress = _through(planned(FLEET), BATCHES[0], "dddd")
    assert _eta(progress.ended(Phase.FAILED, "Stopped", START), 10) is None


def test_what_was_unhealthy_outside_of_the_selection_counts_against_nobody_either() -> None:
    there = fleet([sick(instance(0, 0)), instance(1, 1), sick(instance(2, 2))])
    progress = planned(there, policy(updateDomains=[0, 1]))
    assert progress.baseline_unhealthy == ["0", "2"]
    later = _again(progress, fleet([*there.instances, sick(instance(3, 3))]))
    assert "3" not in later.baseline_unhealthy
