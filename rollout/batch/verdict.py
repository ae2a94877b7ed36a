"""What a watch comes to: wait, stop, send again, or the batch is over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rollout.base import Proceed, Stop, Wait, named, spoken
from rollout.batch.reading import ON_TARGET_WITH, Observation
from rollout.batch.watch import ABSENT, Watch
from rollout.inventory import Health

GONE = "no longer exists"
DELETING = "is being deleted"
OFF = (
    "was switched off while its batch was under way: whether it works on the target image could "
    "not be verified. Start it, then start a rollout again"
)
_LONGEST_BLIND = timedelta(hours=1)
_BLIND_LOOKS = 10
"""How long, and how often in a row, looks may fail before the batch is given up."""


@dataclass(frozen=True)
class Verdict:
    """The reasons for the instances that have failed, that were left out, and for those that Azure
    never began to upgrade. All others are done.
    """

    failed: Mapping[str, str] = field(default_factory=dict[str, str])
    left_out: Mapping[str, str] = field(default_factory=dict[str, str])
    unmoved: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class SendAgain:
    """Azure's operation was interrupted before it had done its work: pass the gate again."""

    reason: str


def judge(watch: Watch, now: datetime) -> Proceed[Verdict] | Wait | Stop | SendAgain:
    """Whether the batch is done. Stop if Azure upgrades by itself, or if nobody can look any more:
    then there is no point in waiting. Success on the last read wins over the time.
    """
    if watch.upgrade_policy.casefold() != "manual":
        return Stop(
            f"someone switched the upgrade policy to {watch.upgrade_policy} while a batch was "
            "under way: Azure may take instances down by itself now. Set it to Manual"
        )
    waiting = watch.waiting
    if waiting and (blind := _blind(watch, now)):
        return Stop(blind, passes=True)
    if any(not watch.lost(each) for each in waiting) and not watch.overdue:
        return Wait()
    return _over(watch, waiting)


def _blind(watch: Watch, now: datetime) -> str | None:
    """Why it is given up to look: that is no verdict on any instance."""
    for_so_long = now - watch.time.last
    if watch.failed_looks < _BLIND_LOOKS or for_so_long < _LONGEST_BLIND:
        return None
    return (
        f"{named(watch.waiting)} could not be read for {spoken(for_so_long)}, so their state is "
        f"unknown: {watch.unread}"
    )


def _over(watch: Watch, waiting: list[str]) -> Proceed[Verdict] | SendAgain:
    interrupted = watch.operation is not None and watch.operation.interrupted
    unmoved = [
        each for each in waiting if interrupted and watch.observation(each) is Observation.OLD_IMAGE
    ]
    failed = [each for each in waiting if each not in unmoved]
    if unmoved and not failed:
        return SendAgain(f"{named(unmoved)} {_reason(watch, unmoved[0])}")
    absent = [each for each in watch.instance_ids if watch.observation(each) in ABSENT]
    return Proceed(
        Verdict(
            failed={each: _reason(watch, each) for each in failed if each not in absent},
            left_out={each: _ABSENCE[watch.observation(each)] for each in absent},
            unmoved={each: _reason(watch, each) for each in unmoved},
        )
    )


_ABSENCE = {Observation.GONE: GONE, Observation.OFF: OFF, Observation.DELETING: DELETING}

_NOT_THROUGH = {
    Observation.OLD_IMAGE: "still on the old image",
    Observation.UPDATING: "still being updated",
    Observation.FAILED: "failed to provision",
    Observation.HEALTHY: "not healthy for long enough",
    Observation.UNHEALTHY: "on the target image but unhealthy",
    Observation.UNKNOWN: "on the target image but reporting no health",
    Observation.INITIALIZING: "on the target image but still initializing",
}


_TARGET = "on the target image"
_BACK = {
    _NOT_THROUGH[Observation.OLD_IMAGE]: "still on the image that is taken back",
    _TARGET: "back on its image",
    OFF: (
        "was switched off while its batch was under way: whether it works on its image could not "
        "be verified. Start it, then roll back again"
    ),
}


def on_the_way_back(reason: str) -> str:
    """The same reason, said of an instance that was to go back."""
    for forward, back in _BACK.items():
        if reason.startswith(forward):
            return f"{back}{reason.removeprefix(forward)}"
    return reason


_SEEN_ON_TARGET = {
    _NOT_THROUGH[observation]: health for health, observation in ON_TARGET_WITH.items()
}


def health_on_target(reason: str | None) -> Health | None:
    """The health of an instance that has failed on the target image, as its reason tells; None if
    the reason is another: then nobody knows which image it runs.
    """
    return _SEEN_ON_TARGET.get(reason or "")


_AZURE_SAYS_WHY = {Observation.FAILED, Observation.OLD_IMAGE, Observation.UPDATING}


def _reason(watch: Watch, instance_id: str) -> str:
    observation = watch.observation(instance_id)
    reason = _NOT_THROUGH[observation]
    error = watch.operation.error if watch.operation else None
    return f"{reason}: {error}" if error and observation in _AZURE_SAYS_WHY else reason
