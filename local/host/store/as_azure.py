"""What Azure does by chance, drawn from a seed: the same seed gives the same, on every machine.

Seen with the Durable extension 3.19 on Azure Storage, or read in its source: messages wait for the
next poll of another worker, several make one turn, activities are delivered at least once.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from local.base import Clock
from local.host.replay import stamp

AT_ONCE = ""  # sorts before every stamp


@dataclass(frozen=True, slots=True)
class AsAzure:
    """How often what may happen does: shares from 0 (never) to 1 (always). Without arguments, as
    kind as the plain local host.
    """

    seed: str = ""
    late: float = 0.0
    """Starts, events, completions and activities are seen after up to that share of host.json's
    maxQueuePollingInterval: most of them soon, some after almost all of it."""
    grouped: float = 0.0
    """Turns that take all messages that wait, with one current_utc_datetime."""
    lingering: bool = False
    """Cancelled timers fire at their old time: an extra turn."""
    doubled: float = 0.0
    """Activities that run twice: at the same time, or up to five minutes later."""
    killed: float = 0.0
    """Activities and turns in which the worker dies."""
    raced: float = 0.0
    """Starts of an instance that is still Pending which are answered as if they had won."""
    overrun: float = 0.0
    """Suspended instances that take one more turn."""
    short: float = 0.0
    """Pages of a list that are shorter than asked for, some of them empty, with a token."""

    @classmethod
    def everything(cls, seed: str) -> "AsAzure":
        """All of it, as `--as-azure` has it."""
        return cls(
            seed=seed,
            late=1.0,
            grouped=0.5,
            lingering=True,
            doubled=0.1,
            killed=0.01,
            raced=0.5,
            overrun=0.5,
            short=0.5,
        )

    @classmethod
    def sparing(cls, seed: str | None) -> "AsAzure | None":
        """All of it, but for what changes a story itself: no worker is killed, and nothing runs
        twice. None without a seed.
        """
        return replace(cls.everything(seed), killed=0.0, doubled=0.0) if seed else None

    def draw(self, *what: object) -> float:
        """A number from 0 to below 1 that depends on the seed and on what is asked for only."""
        digest = hashlib.sha256(repr((self.seed, *what)).encode()).digest()
        return int.from_bytes(digest[:6]) / 2**48

    def happens(self, share: float, *what: object) -> bool:
        return share > 0 and self.draw(*what) < share

    def shorten(self) -> Callable[[int], int]:
        """How many rows a page of so many is given; an empty one is never followed by another."""
        given: list[int] = [1]

        def rows(size: int) -> int:
            cut = self.happens(self.short, "page", len(given))
            share = self.draw("rows", len(given)) - 0.3  # a third of the short ones are empty
            given.append(max(0, int(size * share)) if cut and given[-1] else size)
            return given[-1]

        return rows


class Arrivals:
    """When a worker sees what is put now. `polling` is the longest time between two polls."""

    def __init__(
        self, clock: Clock, as_azure: AsAzure | None = None, polling: timedelta = timedelta(0)
    ) -> None:
        self._clock = clock
        self._as_azure = as_azure or AsAzure()
        self._longest = polling * self._as_azure.late

    @property
    def late(self) -> bool:
        return self._longest > timedelta(0)

    def of(self, *what: object) -> str:
        """The stamp of that moment, AT_ONCE when nothing is late."""
        if not self.late:
            return AT_ONCE
        share: float = self._as_azure.draw("arrival", *what) ** 3
        return stamp(self._clock.now() + self._longest * share)
