"""Notifies whoever started something that it has ended."""

from orchestrators.engine.activities import ActivityClient
from orchestrators.engine.context import Steps
from rollout.base import shortened
from rollout.fleet import REPORT_END, ReportEnd, RolloutEnded
from rollout.run import End

_LONGEST_MESSAGE = 1000
"""In characters of JSON: a wave stores one for each of its failed rollouts."""


def notify_of_end(
    activities: ActivityClient,
    recipient: str | None,
    rollout_id: str,
    end: End,
    verified: int = 0,
) -> Steps[None]:
    """Notify that instance, a wave or the follower of an image; None if there is nobody.
    `verified` instances were upgraded and seen healthy.
    """
    if recipient is None:
        return
    message = shortened(end.message, _LONGEST_MESSAGE)
    ended = RolloutEnded(rollout_id=rollout_id, phase=end.phase, message=message, verified=verified)
    yield from activities.ask(REPORT_END, ReportEnd(wave=recipient, ended=ended))
