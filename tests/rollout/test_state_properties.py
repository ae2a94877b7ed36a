"""What holds of everything that travels and is shown, for any fleet and any course of events."""

import json

from builders import NEW, START, planned, seconds, throttled
from hypothesis import given
from hypothesis import strategies as st
from strategies import fleets, policies, requests

from rollout.cell import Cell
from rollout.fleet import Fleet
from rollout.heat_map import HeatMap
from rollout.plan import plan_batches
from rollout.progress import Progress
from rollout.reading import BatchReading, Reading
from rollout.request import Policy, RolloutRequest
from rollout.upgrade import BatchOutcome
from rollout.view import Counts, RolloutView
from rollout.watch import Finished, Watch, judge

CELLS = st.sampled_from(Cell)
LETTERS = st.sampled_from([Reading.HEALTHY] * 12 + list(Reading))
LOOKS = st.lists(st.none() | st.lists(LETTERS, min_size=2, max_size=2), max_size=12)
"""What each look at a batch of two came to: a letter per instance, mostly healthy, or nothing."""


@given(requests())
def test_a_request_survives_its_json(asked: RolloutRequest) -> None:
    assert RolloutRequest.from_json(json.loads(json.dumps(asked.to_json()))) == asked


@given(fleets())
def test_a_fleet_survives_its_packing(there: Fleet) -> None:
    assert Fleet.unpack(json.loads(json.dumps(there.pack()))) == there


@given(fleets(), st.sampled_from(["auto", "faultDomain", "none"]), st.data())
def test_cells_are_read_as_they_were_drawn(
    there: Fleet, batch_by: str, data: st.DataObject
) -> None:
    heat_map = HeatMap.of(there.instances, batch_by)
    cells = {one.instance_id: data.draw(CELLS) for one in there.instances}
    rows = heat_map.drawn(cells)
    assert heat_map.fits(rows)
    assert heat_map.read(rows) == cells


@given(policies(), fleets())
def test_every_batch_stands_in_one_row_of_the_heat_map(rules: Policy, there: Fleet) -> None:
    heat_map = planned(there, rules).heat_map
    for batch in plan_batches(rules, there, NEW).batches:
        row = heat_map.row_of(batch.instance_ids[0])
        offsets = heat_map.offsets(row, batch.instance_ids)
        assert [heat_map.rows[row][1][offset] for offset in offsets] == batch.instance_ids


@given(st.lists(CELLS).map("".join))
def test_counts_add_up(cells: str) -> None:
    counts = Counts.of(cells)
    left = counts.total - counts.done - counts.skipped - counts.failed
    assert left == counts.in_progress + counts.pending
    assert (counts.total, 0 <= counts.percent <= 100) == (len(cells), True)


@given(policies(), fleets(), st.data())
def test_the_view_adds_up_after_every_batch(
    rules: Policy, there: Fleet, data: st.DataObject
) -> None:
    plan = plan_batches(rules, there, NEW)
    progress = planned(there, rules)
    _adds_up(progress, plan.total)
    for number, batch in enumerate(plan.batches, start=1):
        cells = "".join(data.draw(CELLS) for _ in batch.instance_ids)
        progress = progress.began(batch, START).after(batch, BatchOutcome(cells=cells), START)
        _adds_up(progress, plan.total)
        assert (progress.batch, progress.batches) == (number, len(plan.batches))


def _adds_up(progress: Progress, total: int) -> None:
    view = progress.view(START)
    counts = view.counts.to_json()
    assert counts.pop("total") == sum(counts.values()) == total
    assert RolloutView.from_json(view.to_json()) == view


def _watched(looks: list[list[Reading] | None]) -> Watch:
    """A batch of two after these looks, one every 15 seconds."""
    watch = Watch.begin(["0", "1"], seconds(60), START + seconds(900))
    for number, letters in enumerate(looks):
        watch = _looked(watch, letters, number)
    return watch


def _looked(watch: Watch, letters: list[Reading] | None, number: int) -> Watch:
    if letters is None:
        return watch.unseen(throttled())
    return watch.seen(BatchReading(readings="".join(letters)), START + seconds(15 * number))


@given(LOOKS, st.integers(1, 100))
def test_more_healthy_looks_never_turn_success_into_failure(
    looks: list[list[Reading] | None], more: int
) -> None:
    watch, now = _watched(looks), START + seconds(15 * max(0, len(looks) - 1))
    if judge(watch, now) != Finished({}):
        return
    there = [Reading.HEALTHY if one is not Reading.GONE else one for one in watch.last.values()]
    for number in range(len(looks), len(looks) + more):
        watch = _looked(watch, there, number)
        assert judge(watch, START + seconds(15 * number)) == Finished({})


@given(LOOKS)
def test_nobody_is_through_without_having_been_seen_healthy_for_as_long_as_it_takes(
    looks: list[list[Reading] | None],
) -> None:
    watch = _watched(looks)
    for one, cell in watch.cells().items():
        if cell is Cell.DONE:
            run = _healthy_run(looks, int(one))
            assert seconds(15 * (run[-1] - run[0])) >= seconds(60)


def _healthy_run(looks: list[list[Reading] | None], position: int) -> list[int]:
    """The numbers of the last looks that saw that instance healthy without a break."""
    run: list[int] = []
    for number, letters in enumerate(looks):
        if letters is not None:
            run = [*run, number] if letters[position] is Reading.HEALTHY else []
    return run


@given(LOOKS)
def test_a_look_that_fails_changes_nothing_anybody_sees(
    looks: list[list[Reading] | None],
) -> None:
    watch = _watched(looks)
    assert watch.unseen(throttled()).cells() == watch.cells()


@given(LOOKS, st.integers(0, 120))
def test_at_the_deadline_every_instance_is_through_or_has_a_reason(
    looks: list[list[Reading] | None], late: int
) -> None:
    watch = _watched(looks)
    now = watch.deadline + seconds(late)
    verdict = judge(watch, now)
    assert isinstance(verdict, Finished)
    through = {one for one, cell in watch.cells().items() if cell in {Cell.DONE, Cell.GONE}}
    assert set(verdict.failures) == set(watch.instance_ids) - through
