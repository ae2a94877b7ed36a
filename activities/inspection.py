"""Reads everything a rollout must know before it may begin."""

import asyncio
from datetime import datetime, timedelta

from activities.calendars import read_feeds
from activities.gates import gate_errors
from activities.hooks import hook_errors
from compute.images import find_image, fitted, rollback_warnings
from compute.scale_sets import read_inventory
from compute.waiting import waiting
from rollout.base import FieldError, Problem, counted
from rollout.plan import RolloutRequest, pending_changes
from rollout.run import ImageFinding, Inspection, image_errors, refusal
from rollout.windows import FreezeFeed
from settings import read_calendar

_BEYOND = timedelta(days=1)
"""How far calendars are read beyond the deadline."""


@waiting()
def inspect(request: RolloutRequest) -> Inspection:
    """The inventory, the pinned target image, and why the rollout must not begin, if that is so.
    Only reads. Raises ArmFailure if Azure did not allow that.
    """
    calendar = request.policy.calendar.with_that_of(read_calendar())
    inventory = read_inventory(request.scale_set, request.policy.health.source)
    mismatch = image_errors(request.image, inventory.scale_set.image)
    found = ImageFinding() if mismatch else find_image(request.image, inventory.scale_set)
    finding = fitted(found, inventory)
    refused = refusal(request, inventory, finding) or _refused_checks(request)
    target = finding.image
    older = rollback_warnings(inventory, target) if target and not refused else []
    return Inspection(
        inventory=inventory.pack(names=bool(request.policy.hooks)),
        listing=inventory.listing,
        target=target,
        refusal=refused,
        warnings=[*finding.warnings, *older, *pending_changes(inventory)],
        calendar=calendar,
    )


def inspect_for_start(request: RolloutRequest) -> Inspection:
    """The same with the freezes that stand elsewhere, for a plan or a start: if they cannot be
    read, that is why it must not begin. A rollout that runs already waits for that instead.
    """
    inspection = inspect(request)
    calendar, now = inspection.calendar, inspection.listing and inspection.listing.at
    if inspection.refusal or calendar.feeds is None or now is None:
        return inspection
    ahead = now + request.policy.deadline + request.policy.longest(canary=True) + _BEYOND
    feeds = asyncio.run(read_feeds(calendar.feeds, now, ahead)) or calendar.feeds
    refused = _refused_feeds(feeds, now)
    more = {"calendar": calendar.with_feeds(feeds), "refusal": refused}
    return inspection.model_copy(update=more)


def inspect_for_reader(request: RolloutRequest) -> Inspection:
    """The same for a plan of somebody who may not start: no address that a request names is called
    for them, and the plan says what it does not know.
    """
    inspection = inspect(request)
    calendar = inspection.calendar
    places = dict.fromkeys(feed.source.place for feed in calendar.feeds or ())
    if not places:
        return inspection
    unread = (
        f"The freezes at {', '.join(places)} were not read, because the plan of somebody who may "
        "not start calls no address: a batch may have to wait for longer than this says"
    )
    more = {"calendar": calendar.with_feeds([]), "warnings": [*inspection.warnings, unread]}
    return inspection.model_copy(update=more)


def _refused_feeds(feeds: list[FreezeFeed], now: datetime) -> Problem | None:
    wrong = [feed for feed in feeds if feed.unread(now)]
    if not wrong:
        return None
    return Problem(
        status=400,
        title="A calendar of freezes cannot be read",
        detail="Nobody can tell what is frozen, so nothing was changed.",
        errors=[
            FieldError(path="policy.freezes", message=f"{feed.source.place}: {feed.why}")
            for feed in wrong
        ],
    )


def _refused_checks(request: RolloutRequest) -> Problem | None:
    gates, hooks = gate_errors(request.policy), hook_errors(request.policy)
    if not (gates or hooks):
        return None
    title = "A gate cannot be asked" if gates else "A hook cannot be called"
    where = " and ".join([*(["gates"] if gates else []), *(["hooks"] if hooks else [])])
    errors = [*gates, *hooks]
    return Problem(
        status=400,
        title=title,
        detail=f"{counted(len(errors), 'error')} in the policy's {where}; nothing was changed.",
        errors=errors,
    )
