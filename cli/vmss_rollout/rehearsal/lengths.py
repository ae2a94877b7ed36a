"""Lengths of time as people type them."""

import re
from datetime import timedelta

from vmss_rollout.command_error import UsageError
from vmss_rollout.values import duration

_TYPED = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?:in)?)?(?:(\d+)s?)?", re.IGNORECASE)


def length(typed: str) -> timedelta:
    """Such as 90s, 4m, 1h30m, 300 (seconds) or PT5M."""
    if iso := duration({"typed": typed.upper()}, "typed"):
        return iso
    found = _TYPED.fullmatch(typed)
    if not typed or found is None:
        raise UsageError(f"'{typed}' is no length of time.", "Such as: 90s, 4m or 1h30m")
    days, hours, minutes, seconds = (int(group or 0) for group in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
