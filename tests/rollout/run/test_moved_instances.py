"""Azure may move instances between domains, take them away and make new ones, at any moment."""

from datetime import timedelta

from builders import NEW, OLD, START, changed, instance, model, planned
from hypothesis import given
from hypothesis import strategies as st
from strategies import inventories, policies

from rollout.batch import BatchOutcome, BatchStatus
from rollout.inventory import Image, Instance, Inventory
from rollout.plan import Batch, Policy, batches_of, plan_batches
from rollout.run import (
    Command,
    Progress,
    RolloutView,
    Verb,
    adopting,
    excluding_unhealthy,
    rollback_stages,
)
from rollout.run.earlier import RollbackRequest

END = START + timedelta(days=1)
PLACES = st.fixed_dictionaries({
    "zone": st.sampled_from([None, "1", "2"]),
    "update_domain": st.sampled_from([None, 0, 1, 2]),
    "fault_domain": st.sampled_from([None, 0, 1]),
    "placement_group_id": st.sampled_from([None, "group-0"]),
})  # fmt: skip
COMERS = st.builds(instance, number=st.integers(2000, 2009), image=st.sampled_from([OLD, NEW]))
LETTERS = "dddffkgus"


class Course:
    """A rollout, what there is of its scale set, and what chance makes of both."""

    def __init__(self, progress: Progress, there: Inventory, data: st.DataObject) -> None:
        self.progress = progress
        self.there = there
        self.data = data

    def move(self) -> None:
        """Instances are moved, some vanish, and some come."""
        left = [each for each in self.there.instances if self.data.draw(st.integers(0, 9))]
        came = self.data.draw(st.lists(COMERS, max_size=2))
        by_id: dict[str, Instance] = {each.instance_id: each for each in [*came, *left]}
        moved = [each.model_copy(update=self.data.draw(PLACES)) for each in by_id.values()]
        self.there = self.there.model_copy(update={"instances": moved})

    def plan(self) -> list[Batch]:
        rules = self.progress.order.request.policy
        plan = plan_batches(rules, self.progress.still_rollable(self.there), NEW)
        self.progress = self.progress.planned(self.there, plan, NEW)
        return plan.batches

    def run(self, batch: Batch, target: Image, *, again: bool = False) -> None:
        """A batch from its beginning to its end, seen by people all the time."""
        self.progress = self.progress.batch_started(batch, START)
        order = self.progress.batch_order(batch, model(image=target), END, again=again)
        cells = self.data.draw(
            st.text(LETTERS, min_size=len(order.cells), max_size=len(order.cells))
        )
        assert len(order.cells) == len(order.positions) == len(order.instance_ids)
        heat_map = self.progress.heat_map
        shown = _seen(self.progress).with_batch(
            BatchStatus(cells=cells, message="", updated_at=START), order.positions
        )
        read = heat_map.read(shown.rows)
        assert "".join(read[instance_id] for instance_id in order.instance_ids) == cells
        outcome = BatchOutcome(cells=cells.replace("d", order.done))
        self.progress = self.progress.batch_finished(batch, outcome, START)
        through = [
            key
            for key, cell in outcome.by_instance(order.instance_ids).items()
            if cell is order.done
        ]
        instances = changed(self.there.instances, through, image=target)
        self.there = self.there.model_copy(update={"instances": instances})
        _seen(self.progress)

    def retry(self) -> None:
        """What the operator's retry does with all that failed."""
        failed = set(self.progress.tally.failed)
        instances = [each for each in self.there.instances if each.instance_id in failed]
        for batch in batches_of(self.progress.order.request.policy, instances, self.there):
            self.progress = self.progress.one_more()
            self.run(batch, NEW, again=True)

    def roll_back(self) -> None:
        self.progress = excluding_unhealthy(self.progress, self.there)
        self.progress = adopting(self.progress, self.there)
        _seen(self.progress)
        stages = rollback_stages(self.progress, self.there)
        self.progress = self.progress.expecting(sum(len(stage.batches) for stage in stages))
        for stage in stages:
            for batch in stage.batches:
                self.run(batch, stage.image)
                self.move()
        rollback_stages(self.progress, self.there)


def _seen(progress: Progress) -> RolloutView:
    """The view as people get it: what was published, with what the request says."""
    view = progress.view(START)
    assert (
        len(progress.tally.cells) == view.counts.total == sum(len(row.cells) for row in view.rows)
    )
    return RolloutView.from_status(view.published(), progress.order.request)


def _forward(rules: Policy, there: Inventory, data: st.DataObject) -> Course:
    """Planned twice, with batches that ran and were retried, while the instances moved."""
    course = Course(planned(there, rules), there, data)
    for _ in range(2):
        course.move()
        batches = course.plan()
        for batch in batches[: data.draw(st.integers(0, 3))]:
            course.move()
            course.run(batch, NEW)
        course.move()
        course.retry()
    course.move()
    return course


@given(policies(), inventories(), st.data())
def test_a_rollout_goes_forward_and_back_wherever_its_instances_are_moved(
    rules: Policy, there: Inventory, data: st.DataObject
) -> None:
    course = _forward(rules, there, data)
    course.progress = course.progress.starting_rollback()
    course.roll_back()
    assert course.progress.rolling_back


@given(policies(), inventories(), st.data())
def test_a_rollout_that_has_ended_goes_back_wherever_its_instances_were_moved(
    rules: Policy, there: Inventory, data: st.DataObject
) -> None:
    course = _forward(rules, there, data)
    ended = course.progress
    view = _seen(ended)
    rollback = RollbackRequest(
        command=Command(verb=Verb.ROLLBACK),
        image=view.image,
        batch=view.batch,
        baseline=ended.baseline.pack(course.there),
        rows=view.rows,
    )
    order = ended.order.model_copy(update={"rollback": rollback})
    course.progress = Progress.begun(order, START).starting_rollback()
    assert course.progress.tally.cells == ended.tally.cells
    assert course.progress.tally.touched.keys() <= {*ended.tally.touched}
    course.move()
    course.roll_back()
