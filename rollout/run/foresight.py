"""What is known of the next batch before it begins."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from rollout.batch import (
    Allowance,
    BatchOutcome,
    Expectation,
    Lesson,
    Stillness,
    all_still,
    pages_of,
)
from rollout.inventory import Image, Inventory, Listing
from rollout.plan import Batch, Plan

_LATELY = 5
"""So many batches are learned from."""
_JUST_NOW = timedelta(minutes=1)
"""For so long what happens to instances that were seen to be still is held to be ours."""
_EARLIER_LISTS = 3
"""So many may an earlier orchestration have read just before this one goes on."""


@dataclass(frozen=True)
class Foresight:
    """How long the batches so far have taken, and what was seen of the next one's instances."""

    lately: tuple[Lesson, ...] = ()
    """What the last batches have taught."""
    still: Stillness | None = None
    durations: tuple[timedelta, ...] = ()
    """Of the batches so far, from their beginning to their end."""
    pages: int = 0
    """Of a list of all instances; 0 before the first."""
    allowance: Allowance = field(default_factory=Allowance)

    @classmethod
    def taking_up(cls, instances: int, now: datetime) -> "Foresight":
        """After an earlier orchestration, of whose lists nothing is known."""
        pages = pages_of(instances)
        return cls(pages=pages, allowance=Allowance().spending(_EARLIER_LISTS * pages, now))

    def after(self, outcome: BatchOutcome, took: timedelta | None, now: datetime) -> "Foresight":
        """With one more batch. One that broke off cannot say what it has read."""
        unknown = self.allowance.spending(_EARLIER_LISTS * self.pages, now)
        learned = [outcome.lesson] if outcome.lesson else []
        durations = self.durations if took is None else (*self.durations, took)
        return replace(
            self,
            lately=(*self.lately, *learned)[-_LATELY:],
            still=outcome.still,
            durations=durations,
            allowance=outcome.allowance or unknown,
        )

    @property
    def expected(self) -> Expectation:
        """What the last batches let expect of the next one: an odd one is forgotten."""
        expected = Expectation()
        for lesson in self.lately:
            expected = expected.learning(lesson)
        return expected

    def likely(self, stable: timedelta) -> timedelta:
        """How long the next batch may well take; nothing before the first."""
        slowest = self.expected.slowest
        return slowest + stable if slowest else timedelta(0)

    def listed(self, listing: Listing, now: datetime) -> "Foresight":
        """After one more list of all instances."""
        return replace(self, pages=listing.pages, allowance=self.allowance.after(listing, now))

    def before(self, plan: Plan, inventory: Inventory, now: datetime) -> "Foresight":
        """With what was seen, when the plan was made, of its first batch. (The VMs of a Flexible
        scale set are read one by one, only those of the batch.)
        """
        first = plan.batches[0].instance_ids if plan.batches else []
        still = not inventory.scale_set.flexible and all_still(
            inventory.instances, first, plan.image.to_image or Image()
        )
        return replace(self, still=Stillness(instance_ids=first, seen_at=now) if still else None)

    def until_listable(self, now: datetime) -> timedelta:
        """How long it takes until all instances may be listed again."""
        return self.allowance.wait(self.pages, now)

    def of(
        self, batch: Batch, now: datetime | None, reach: timedelta, *, sent_before: bool
    ) -> dict[str, Any]:
        """The fields of the batch's order that come from here. Of one that may have been sent
        before nothing is expected; what was seen longer than `reach` ago, or not just now, says
        nothing any more: whatever happens to them may be somebody else's doing.
        """
        budget = {"pages": self.pages, "allowance": self.allowance}
        if sent_before:
            return budget
        covers = self.still.covers if self.still else None
        still = bool(covers and now and covers(batch.instance_ids, now, min(reach, _JUST_NOW)))
        return {**budget, "expected": self.expected, "still": still}
