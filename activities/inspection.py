"""Reads everything a rollout must know before it may begin."""

from activities.policies import read_now, refused_checks, refused_feeds
from compute.images import find_image, fitted, rollback_warnings
from compute.scale_sets import read_inventory
from compute.waiting import waiting
from rollout.plan import RolloutRequest, pending_changes
from rollout.run import ImageFinding, Inspection, image_errors, refusal
from settings import read_calendar


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
    refused = refusal(request, inventory, finding) or refused_checks(request.policy)
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
    feeds = read_now(calendar.feeds, request.policy, now)
    refused = refused_feeds(feeds, now)
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
