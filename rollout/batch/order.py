"""What a batch is started with, what it publishes, and its result."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from rollout.base import IN_PROGRESS, Cell, LineStop, Value
from rollout.batch.allowance import Allowance
from rollout.batch.model import Model
from rollout.batch.pace import Expectation, Lesson
from rollout.batch.stillness import Stillness
from rollout.inventory import ScaleSetIdField
from rollout.plan import Batch, Policy


class BatchOrder(Value):
    """Everything the upgrade of one batch needs to know.

    No instance outside the batch's zone and update domain may be upgraded with it.
    """

    rollout_id: str
    owner: str = ""
    """The instance id of the orchestration that has the scale set's lock."""
    scale_set: ScaleSetIdField
    batch: Batch
    batches: int
    model: Model
    policy: Policy
    baseline_unhealthy: list[str]
    not_after: datetime
    """The rollout's deadline."""
    cells: str
    """The state of each instance before the batch begins."""
    positions: list[int] = []
    """The instances' positions in the heat map, so that progress can be shown there."""
    position: list[int] = []
    """Of the event with which it began."""
    again: bool = False
    """A retry: instances already on the image are watched too, until they are healthy."""
    taken_up: bool = False
    """An earlier orchestration of this batch broke off: any of its instances may have been sent to
    Azure, so all are watched.
    """
    done: Cell = Cell.DONE
    """The cell of an instance that has succeeded."""
    upgraded: list[str] = []
    """Instances of earlier batches; empty in a rollback or a retry."""
    set_aside: list[str] = []
    """Those that have failed; on the way back, who failed there. They are down until they are
    healthy, also if they only boot slowly.
    """
    upgraded_budget: int = 0
    """How many of `upgraded` may be unhealthy when the batch begins."""
    following: list[str] = []
    """The instances of the batch after it."""
    verifies: bool = False
    """It is the last one: what its last look reads is what the whole is verified by."""
    still: bool = False
    """Its instances were seen to be still just now: they are sent without another look before."""
    expected: Expectation = Expectation()
    """What the batches so far let expect of it."""
    pages: int = 1
    """Of a list of all instances."""
    allowance: Allowance = Allowance()
    """How many of them may be listed."""
    begin_by: datetime | None = None
    """By its window: what was not sent by then waits for the next one."""

    def before(self, coming: Sequence[Batch] | None) -> "BatchOrder":
        """The same with these batches to come, or the verification; None if nobody knows."""
        following = coming[0].instance_ids if coming else []
        verifies = coming is not None and not coming
        return self.model_copy(update={"following": following, "verifies": verifies})

    def maybe_sent(self) -> "BatchOrder":
        """The same when any of its instances may have been sent."""
        cells = Cell.UPGRADING.value * len(self.cells)
        return self.model_copy(update={"taken_up": True, "cells": cells})

    @property
    def rolls_back(self) -> bool:
        """Whether it is a batch of a rollback."""
        return self.done is Cell.ROLLED_BACK

    @property
    def instance_ids(self) -> list[str]:
        return self.batch.instance_ids

    def letters(self, cells: dict[str, Cell]) -> str:
        """These cells in the batch's order; instances without one keep the cell they had."""
        before = zip(self.instance_ids, self.cells, strict=True)
        now = (cells.get(instance_id, Cell(letter)) for instance_id, letter in before)
        return "".join(self.done if cell is Cell.DONE else cell for cell in now)


class BatchStatus(Value):
    """What a running batch publishes: a letter per instance, in the batch's order, and when it will
    look again; when all of them ran the target image, and since when all of them are healthy.
    """

    cells: str
    message: str
    updated_at: datetime
    next_look_at: datetime | None = None
    upgraded_at: datetime | None = None
    healthy_at: datetime | None = None

    @classmethod
    def begun(cls, at: datetime, interval: timedelta) -> "BatchStatus":
        """That of one of which nothing is to be seen since it began then."""
        return cls(cells="", message="", updated_at=at, next_look_at=at + interval)


_OF_THE_NEXT = ("still", "allowance", "unready_at", "boot", "inventory", "read_at")


class BatchOutcome(Value):
    """The result of a batch: a letter per instance in the batch's order, the reason for each that
    failed or was left out, and `halt`: why the rollout must halt, if it must. `unhealthy` if that
    is because of the instances' health, `passes` if it may be over later. `held` if the operator
    has asked for a pause or the end before it was sent, or before all of it was; `stopped` is why,
    if the line is. `still` is what
    was seen of the next batch, `allowance` what may be listed in it. `sent_at` is when Azure had
    accepted it, `upgraded_at` and `healthy_at` are those of its last status, and `unready_at` is
    the last look before it was healthy. `boot` is how long its instances took to be healthy after
    Azure's operation had ended, if that was seen.
    `inventory` is everything that its last look has read, packed, if that may verify the rollout.
    """

    cells: str
    reasons: dict[str, str] = {}
    halt: str | None = None
    unhealthy: bool = False
    passes: bool = False
    held: bool = False
    stopped: LineStop | None = None
    still: Stillness | None = None
    allowance: Allowance | None = None
    sent_at: datetime | None = None
    upgraded_at: datetime | None = None
    healthy_at: datetime | None = None
    unready_at: datetime | None = None
    boot: timedelta | None = None
    inventory: dict[str, Any] | None = None
    read_at: datetime | None = None

    @property
    def logged(self) -> dict[str, Any]:
        """What the event log keeps of it: not what only serves the next batch."""
        return self.model_copy(update=dict.fromkeys(_OF_THE_NEXT)).to_json()

    @property
    def lesson(self) -> Lesson | None:
        """What it teaches of the next ones; None unless all of it was healthy in the end, and it is
        known when it was sent.
        """
        if self.sent_at is None or self.healthy_at is None:
            return None
        unready = self.unready_at - self.sent_at if self.unready_at else timedelta(0)
        return Lesson(healthy=self.healthy_at - self.sent_at, unready=unready, boot=self.boot)

    @property
    def unbegun(self) -> bool:
        """Whether no instance of the batch was sent to Azure."""
        return not IN_PROGRESS & {Cell(letter) for letter in self.cells}

    def by_instance(self, instance_ids: list[str]) -> dict[str, Cell]:
        letters = zip(instance_ids, self.cells, strict=True)
        return {instance_id: Cell(letter) for instance_id, letter in letters}
