"""How long an upgrade and a boot take: as typed, as earlier rollouts took, or as assumed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from vmss_rollout.command_error import CommandError
from vmss_rollout.paths import ROLLOUTS, within
from vmss_rollout.rehearsal.lengths import length
from vmss_rollout.values import Json, lines, moment, spoken, text

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
    learned = _learned(client, arm_id) if client and not (upgrade and boot) else Timings(
        Timing(UPGRADE, "assumed: --upgrade"), Timing(BOOT, "assumed: --boot")
    )  # fmt: skip
    return Timings(
        Timing(length(upgrade), "as you said") if upgrade else learned.upgrade,
        Timing(length(boot), "as you said") if boot else learned.boot,
    )


def _learned(client: "Client", arm_id: str) -> Timings:
    views = list(_earlier(client, arm_id))
    upgrades = [took for view in views for took in _took(view, "sentAt", "upgradedAt")]
    boots = [took for view in views for took in _took(view, "upgradedAt", "healthyAt")]
    return Timings(
        _middle(upgrades, views) or Timing(UPGRADE, "assumed: --upgrade"),
        _middle(boots, views) or Timing(BOOT, "assumed: --boot"),
    )


def _earlier(client: "Client", arm_id: str) -> Iterator[Json]:
    """The newest rollouts of the scale set that have ended. Without them it goes on as well."""
    try:
        for line in client.listed(ROLLOUTS, scaleSet=arm_id, top=_EARLIER):
            if line.get("finishedAt"):
                yield client.get(ROLLOUTS + within(text(line, "id")))
    except CommandError:
        return


def _took(view: Json, begin: str, end: str) -> list[timedelta]:
    """How long that part of its first batch took, if it went well on the way to the new image.
    Later ones are looked at only when they should be healthy: of those it is not known when they
    were upgraded.
    """
    found: list[timedelta] = []
    for batch in lines(view, "timeline")[:1]:
        began, ended = moment(batch, begin), moment(batch, end)
        succeeded = text(batch, "state") == "done" and not batch.get("rollingBack")
        if succeeded and began and ended and ended >= began:
            found.append(ended - began)
    return found


def _middle(found: list[timedelta], views: list[Json]) -> Timing | None:
    if not found:
        return None
    ids = ", ".join(text(view, "id") for view in views)
    middle = sorted(found)[len(found) // 2]
    return Timing(middle, f"measured in {len(found)} batch(es) of {ids}")
