"""How long an upgrade and a boot take: as typed, as earlier rollouts took, or as assumed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from vmss_rollout.command_error import CommandError
from vmss_rollout.paths import ROLLOUTS, within
from vmss_rollout.rehearsal.lengths import length
from vmss_rollout.values import Json, fields, lines, moment, spoken, text

if TYPE_CHECKING:
    from vmss_rollout.client import Client

UPGRADE, BOOT = timedelta(minutes=4), timedelta(seconds=90)
_EARLIER = 3
"""How many earlier rollouts are asked."""


@dataclass(frozen=True)
class Timing:
    """A length of time, and where it is from."""

    takes: timedelta
    source: str

    def __str__(self) -> str:
        return f"{spoken(self.takes)} ({self.source})"


@dataclass(frozen=True)
class Timings:
    """From going down to the new disk, and from there to being healthy."""

    upgrade: Timing
    boot: Timing

    def __str__(self) -> str:
        return f"An upgrade takes {self.upgrade}, booting {self.boot}."


def timings(client: "Client | None", arm_id: str, upgrade: str, boot: str) -> Timings:
    """`upgrade` and `boot` as typed, or ""; `client` is None offline."""
    earlier = list(_earlier(client, arm_id)) if client and not (upgrade and boot) else []
    return Timings(
        _typed(upgrade)
        or _middle(earlier, "sentAt", "upgradedAt")
        or Timing(UPGRADE, "assumed: --upgrade"),
        _typed(boot)
        or _middle(earlier, "upgradedAt", "healthyAt")
        or Timing(BOOT, "assumed: --boot"),
    )


def _typed(said: str) -> Timing | None:
    return Timing(length(said), "as you said") if said else None


def _earlier(client: "Client", arm_id: str) -> Iterator[Json]:
    """The newest rollouts of the scale set that have ended. Without them it goes on as well."""
    try:
        for line in client.listed(ROLLOUTS, scaleSet=arm_id, top=_EARLIER):
            if line.get("finishedAt"):
                yield client.get(ROLLOUTS + within(text(line, "id")))
    except CommandError:
        return


def _middle(views: list[Json], begin: str, end: str) -> Timing | None:
    """The middle one of what that part took in the rollouts that tell it."""
    taken = {text(view, "id"): _took(view, begin, end) for view in views}
    found = {id_: took for id_, took in taken.items() if took is not None}
    if not found:
        return None
    batches = "1 batch" if len(found) == 1 else f"{len(found)} batches"
    middle = sorted(found.values())[len(found) // 2]
    return Timing(middle, f"measured in {batches} of {', '.join(found)}")


def _took(view: Json, begin: str, end: str) -> timedelta | None:
    """How long that part of its first batch took, if it went well on the way to the new image.
    Later ones are looked at only when they should be healthy: of those it is not known when they
    were upgraded.
    """
    first = fields(next(iter(lines(view, "timeline")), None))
    began, ended = moment(first, begin), moment(first, end)
    succeeded = text(first, "state") == "done" and not first.get("rollingBack")
    return ended - began if succeeded and began and ended and ended >= began else None
