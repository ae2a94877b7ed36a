"""What holds of everything that travels and is shown, whatever there is and whatever happens."""

import json
from dataclasses import replace

from builders import NEW, OBSERVATIONS, START, limits, planned, reading, seconds, throttled
from hypothesis import given
from hypothesis import strategies as st
from strategies import inventories, policies, requests

from rollout.base import Cell, Proceed, Wait
from rollout.batch import BatchOutcome, Observation, Verdict, Watch, judge
from rollout.inventory import HeatMap, Inventory, overlaid
from rollout.plan import Policy, RolloutRequest, plan_batches
from rollout.run import Counts, Progress, RolloutView

THROUGH = Proceed(Verdict())
CELLS = st.sampled_from(Cell)
LETTERS = st.sampled_from("h" * 12 + "".join(OBSERVATIONS))
LOOKS = st.lists(st.none() | st.tuples(LETTERS, LETTERS).map("".join), max_size=12)
"""What each look at a batch of two came to: a letter per instance, mostly healthy, or nothing."""


@given(requests())
def test_a_request_survives_its_json(asked: RolloutRequest) -> None:
    assert RolloutRequest.from_json(json.loads(json.dumps(asked.to_json()))) == asked


@given(inventories())
def test_an_inventory_survives_its_packing(there: Inventory) -> None:
    assert Inventory.unpack(json.loads(json.dumps(there.pack()))) == there


@given(inventories(), st.sampled_from(["auto", "faultDomain", "none"]), st.data())
def test_cells_are_read_as_they_were_drawn(
    there: Inventory, batch_by: str, data: st.DataObject
) -> None:
    heat_map = HeatMap.of(there.instances, batch_by)
    cells = {instance.instance_id: data.draw(CELLS) for instance in there.instances}
    rows = heat_map.drawn(cells)
    assert heat_map.fits(rows)
    assert heat_map.read(rows) == cells


@given(policies(), inventories())
def test_every_batch_stands_in_one_row_of_the_heat_map(rules: Policy, there: Inventory) -> None:
    heat_map = planned(there, rules).heat_map
    row_of = [row for row, (_, ids) in enumerate(heat_map.rows) for _ in ids]
    for batch in plan_batches(rules, there, NEW).batches:
        positions = heat_map.positions(batch.instance_ids)
        assert [heat_map.instance_ids[position] for position in positions] == batch.instance_ids
        assert len({row_of[position] for position in positions}) == 1


@given(policies(), inventories(), st.data())
def test_a_running_batch_is_shown_where_its_instances_stand_and_nowhere_else(
    rules: Policy, there: Inventory, data: st.DataObject
) -> None:
    progress = planned(there, rules)
    heat_map, rows = progress.heat_map, progress.view(START).rows
    for batch in plan_batches(rules, there, NEW).batches:
        cells = {instance_id: data.draw(CELLS) for instance_id in batch.instance_ids}
        letters = "".join(cells.values())
        shown = overlaid(rows, heat_map.positions(batch.instance_ids), letters)
        assert heat_map.read(shown) == {**progress.tally.cells, **cells}


@given(st.lists(CELLS).map("".join))
def test_counts_add_up(cells: str) -> None:
    counts = Counts.of(cells)
    left = counts.total - counts.done - counts.skipped - counts.failed - counts.aborted
    assert left == counts.in_progress + counts.pending
    assert (counts.total, 0 <= counts.percent <= 100) == (len(cells), True)


@given(policies(), inventories(), st.data())
def test_the_view_adds_up_after_every_batch(
    rules: Policy, there: Inventory, data: st.DataObject
) -> None:
    plan = plan_batches(rules, there, NEW)
    progress = planned(there, rules)
    _adds_up(progress, plan.total)
    for number, batch in enumerate(plan.batches, start=1):
        cells = "".join(data.draw(CELLS) for _ in batch.instance_ids)
        progress = progress.batch_started(batch, START).batch_finished(
            batch, BatchOutcome(cells=cells), START
        )
        _adds_up(progress, plan.total)
        assert (progress.batch, progress.batches) == (number, len(plan.batches))


def _adds_up(progress: Progress, total: int) -> None:
    view = progress.view(START)
    counts = view.counts.to_json()
    assert counts.pop("total") == sum(counts.values()) == total
    assert RolloutView.from_json(view.to_json()) == view


def _watched(looks: list[str | None]) -> Watch:
    """A batch of two after these looks, one every 15 seconds."""
    watch = Watch.begin(["0", "1"], limits(), START)
    for number, letters in enumerate(looks):
        watch = _looked(watch, letters, number)
    return watch


def _looked(watch: Watch, letters: str | None, number: int) -> Watch:
    if letters is None:
        return watch.unseen(throttled())
    return watch.seen(reading(letters, watch.instance_ids), START + seconds(15 * number))


@given(LOOKS, st.integers(1, 100))
def test_more_healthy_looks_never_turn_success_into_failure(
    looks: list[str | None], more: int
) -> None:
    watch, now = _watched(looks), START + seconds(15 * max(0, len(looks) - 1))
    if judge(watch, now) != THROUGH:
        return
    seen = [watch.observation(instance_id) for instance_id in watch.instance_ids]
    there = "".join("g" if each is Observation.GONE else "h" for each in seen)
    for number in range(len(looks), len(looks) + more):
        watch = _looked(watch, there, number)
        assert judge(watch, START + seconds(15 * number)) == THROUGH


@given(LOOKS)
def test_nobody_is_through_without_having_been_seen_healthy_for_as_long_as_it_takes(
    looks: list[str | None],
) -> None:
    watch = _watched(looks)
    for instance_id, cell in watch.cells().items():
        if cell is Cell.DONE:
            run = _healthy_run(looks, int(instance_id))
            assert seconds(15 * (run[-1] - run[0])) >= seconds(60)


def _healthy_run(looks: list[str | None], position: int) -> list[int]:
    """The numbers of the last looks that saw that instance healthy without a break."""
    run: list[int] = []
    for number, letters in enumerate(looks):
        if letters is not None:
            run = [*run, number] if letters[position] == "h" else []
    return run


@given(LOOKS)
def test_a_look_that_fails_changes_nothing_anybody_sees(
    looks: list[str | None],
) -> None:
    watch = _watched(looks)
    assert watch.unseen(throttled()).cells() == watch.cells()


@given(LOOKS)
def test_when_the_time_is_up_every_instance_is_through_or_has_a_reason(
    looks: list[str | None],
) -> None:
    watch = _watched(looks)
    watch = replace(watch, time=replace(watch.time, spent=watch.limits.timeout))
    verdict = judge(watch, START)
    assert isinstance(verdict, Proceed)
    through = {key for key in watch.instance_ids if watch.settled(key)}
    assert through | set(verdict.value.failed) | set(verdict.value.left_out) == {"0", "1"}
    assert not through & set(verdict.value.failed)


@given(LOOKS, st.integers(46, 100_000), st.integers(0, 100))
def test_after_time_that_nobody_saw_a_healthy_batch_gets_through_and_never_fails(
    looks: list[str | None], gap: int, later: int
) -> None:
    close = replace(limits(interval=15), stable=seconds(60))
    watch = replace(_watched(looks), limits=close)
    watch = replace(watch, time=replace(watch.time, reach=seconds(45)))
    began = watch.time.last + seconds(gap)
    for number in range(5 + later):
        now = began + seconds(15 * number)
        watch = watch.seen(reading("hh", watch.instance_ids), now)
        assert judge(watch, now) in ((THROUGH,) if number >= 4 else (THROUGH, Wait()))
