"""The story of a rollout: forward, batch by batch, or back."""

from functools import partial
from typing import Any

from orchestrators.engine import (
    Context,
    CountedContext,
    GoesOnAsNew,
    Steps,
    Story,
    go_on_as_new,
)
from orchestrators.rollout.finish import finish
from orchestrators.rollout.forward import WayForward
from orchestrators.rollout.hook_calls import hear_put_back
from orchestrators.rollout.interrupted import outcome_of_interrupted
from orchestrators.rollout.putting_back import put_back_meanwhile, put_back_now
from orchestrators.rollout.repairs import RepairsSwitch
from orchestrators.rollout.rollback import roll_back, stop_if_failed, turned_back
from orchestrators.rollout.run import RolloutRun
from orchestrators.rollout.stray import rollout_refused
from rollout.run import Conclusion, End, Handover, RollBack, RolloutOrder


def roll_out(context: Context) -> Steps[dict[str, Any]]:
    """The orchestrator of one rollout: takes a RolloutOrder, returns its last view. With many
    batches, verbs or waits it goes on as new, where nothing of it is open.
    """
    given = context.get_input()
    handed = Handover.of_input(given)
    run = RolloutRun(CountedContext(context), RolloutOrder.from_json(given), handed)
    if handed:
        run.publish()  # what Durable has of an earlier generation ends with the next turn
    if (yield from rollout_refused(run)):
        return run.view.to_json()
    story = RolloutStory(run)
    run.start()
    try:
        end = yield from story.conclusion()
    except GoesOnAsNew:
        return (yield from go_on_as_new(run))
    yield from finish(run, story.repairs, end)
    return run.view.to_json()


class RolloutStory(Story[RolloutRun]):
    """The way forward and the rollback of one rollout."""

    def __init__(self, run: RolloutRun) -> None:
        self.run = run
        self.repairs = run.repairs = RepairsSwitch(run)
        run.put_back = partial(put_back_meanwhile, run)
        run.put_back_heard = partial(hear_put_back, run)

    @property
    def rollback(self) -> RollBack | None:
        order, back = self.run.progress.order, self.run.place.back
        if back:
            return RollBack(back.reason)
        if order.resume and order.resume.rolling_back:
            return RollBack(order.resume.rolling_back)
        return RollBack.wanted(order.rollback.command) if order.rollback else None

    @property
    def going_back(self) -> bool:
        return self.run.handed is not None and self.run.progress.rolling_back

    def forward(self) -> Steps[str]:
        """Batch by batch, until every instance is verified. What there is to say is read later."""
        yield from WayForward(self.run, self.repairs).to_the_end()
        return ""

    def backward(self, rollback: RollBack) -> Steps[str]:
        run = self.run
        if run.place.back is None:
            yield from self._before_going_back()
        return (yield from roll_back(run, rollback.reason))

    def _before_going_back(self) -> Steps[None]:
        run, order = self.run, self.run.progress.order
        earlier = order.earlier if self.rollback else None
        if earlier and earlier.last and earlier.under_way:
            outcome = yield from outcome_of_interrupted(run, earlier.last)
            stop_if_failed(run, earlier.last.batch, outcome)
        yield from put_back_now(run)
        if self.rollback or self.repairs.resting:
            inventory = yield from run.read_inventory()
            yield from self.repairs.suspend(inventory.scale_set)

    def turned(self, end: End) -> Steps[Conclusion]:
        return (yield from turned_back(self.run, end))
