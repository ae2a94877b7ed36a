"""A rollout of twenty after its first batch, and its final message when Azure shows this."""

from dataclasses import replace
from typing import Any

from builders import NEW, START, changed, inventory, planned, policy, spread

from rollout.base import Cell, Phase
from rollout.batch import BatchOutcome
from rollout.inventory import Image, Inventory
from rollout.plan import Policy, plan_batches
from rollout.run import End, Progress, RolloutEnding, final_message, final_state_of

INSTANCES = inventory(spread(20))
FIRST = ["0", "5", "10", "15"]
ILL = "on the target image but unhealthy"
SET_TO_NEW = f"The scale set's image is {NEW}: new instances get it until you roll back."


def after(
    cells: str, rules: Policy | None = None, reasons: dict[str, str] | None = None
) -> Progress:
    """A rollout of 20 after its first batch came to these cells."""
    batch = plan_batches(rules or policy(), INSTANCES, NEW).batches[0]
    progress = replace(planned(INSTANCES, rules).batch_started(batch, START), model_set=True)
    outcome = BatchOutcome(cells=cells, reasons=reasons or {})
    return progress.batch_finished(batch, outcome, START)


def now(upgraded: list[str], image: Image = NEW, **changes: Any) -> Inventory:
    """The scale set with these instances on the new image, or changed otherwise."""
    there = changed(INSTANCES.instances, upgraded, **{"image": NEW, **changes})
    return inventory(there, image=image)


def last_message(progress: Progress, end: End) -> str:
    """Its final message, when Azure shows just what the rollout knows."""
    upgraded = [key for key, cell in progress.tally.cells.items() if cell is Cell.DONE]
    return final_message(progress, end, final_state_of(progress, now(upgraded)))


def said(progress: Progress, phase: Phase, why: str, there: Inventory) -> str:
    return final_message(progress, End(phase, why), final_state_of(progress, there))


def stopped(progress: Progress, there: Inventory, reason: str = "the deadline has passed") -> str:
    return said(progress, Phase.FAILED, RolloutEnding(progress).stopped(reason), there)
