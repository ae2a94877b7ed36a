"""The possible results of every decision: proceed, wait, or stop."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Proceed[T]:
    """Go ahead, with this value."""

    value: T


@dataclass(frozen=True)
class Wait:
    """Not yet, for this reason: check again. `unhealthy` if the reason is the instances' health."""

    reason: str = ""
    unhealthy: bool = False


@dataclass(frozen=True)
class Stop:
    """Do not continue, for this reason. `unhealthy` if the reason is the instances' health;
    `passes` if it may be over later, so that somebody may decide to wait.
    """

    reason: str
    unhealthy: bool = False
    passes: bool = False
