"""What is wrong with a policy, whatever the scale set: found before anything begins by it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from activities.calendars import read_feeds
from activities.gates import gate_errors
from activities.hooks import hook_errors
from rollout.base import FieldError, Problem, counted
from rollout.plan import Policy
from rollout.windows import FreezeFeed
from settings import read_calendar

_BEYOND = timedelta(days=1)
"""How far calendars are read beyond the deadline."""


def refused_policy(policy: Policy) -> Problem | None:
    """Why nothing may begin by that policy, whatever its scale set: a gate that cannot be asked, a
    hook that cannot be called, freezes that cannot be read.
    """
    feeds, now = policy.calendar.with_that_of(read_calendar()).feeds, datetime.now(UTC)
    refused = refused_checks(policy)
    if refused or feeds is None:
        return refused
    return refused_feeds(read_now(feeds, policy, now), now)


def read_now(feeds: Sequence[FreezeFeed], policy: Policy, now: datetime) -> list[FreezeFeed]:
    """For all the time in which a batch may run."""
    ahead = now + policy.deadline + policy.longest(canary=True) + _BEYOND
    return asyncio.run(read_feeds(feeds, now, ahead)) or list(feeds)


def refused_feeds(feeds: list[FreezeFeed], now: datetime) -> Problem | None:
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


def refused_checks(policy: Policy) -> Problem | None:
    """The same for somebody who may not start: no address that the policy names is called."""
    gates, hooks = gate_errors(policy), hook_errors(policy)
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
