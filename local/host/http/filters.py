"""Which instances a list or a purge is about.

Source: Durable extension and DurableTask.AzureStorage source (2026): names of statuses are those of
the enum, in its spelling; an instance is in no filter that names only other statuses.
"""

from collections.abc import Collection
from dataclasses import dataclass

from local.host.http.call import BadRequest, Call
from local.host.http.rows import OVER, Row

STATUSES = (
    "Running",
    "Completed",
    "ContinuedAsNew",
    "Failed",
    "Canceled",
    "Terminated",
    "Pending",
    "Suspended",
)
"""What Durable knows. No instance of a Python app is ever Canceled or ContinuedAsNew."""


@dataclass(frozen=True, slots=True)
class Filter:
    """`statuses` is empty for all of them; `first` and `last` are stamps of the creation."""

    prefix: str
    statuses: frozenset[str]
    first: str | None
    last: str | None

    def matches(self, row: Row) -> bool:
        return (
            row.id.startswith(self.prefix)
            and (not self.statuses or row.status in self.statuses)
            and (self.first is None or row.created >= self.first)
            and (self.last is None or row.created <= self.last)
        )


def list_filter(call: Call) -> Filter:
    """Raises BadRequest for a status or a time that cannot be read."""
    first, last = call.moment("createdTimeFrom"), call.moment("createdTimeTo")
    return Filter(call.text("instanceIdPrefix"), _statuses(call), first, last)


def purge_filter(call: Call) -> Filter:
    """A purge knows no prefix, and of the statuses only those of what has ended. Without any it
    takes everything, running orchestrations and entities too.

    Raises BadRequest for a status or a time that cannot be read, and when only statuses are named
    that a purge does not know: Azure drops them, and purges as if none had been named.
    """
    first, last = call.moment("createdTimeFrom"), call.moment("createdTimeTo")
    asked = _statuses(call)
    if asked and not asked & OVER:
        raise BadRequest(
            f"runtimeStatus names {', '.join(sorted(asked))}, and a purge knows only "
            f"{', '.join(sorted(OVER))}. The local host refuses it; Azure drops the others, and "
            "with none left it purges everything, running orchestrations and entities too."
        )
    return Filter("", asked & OVER, first, last)


def _statuses(call: Call) -> frozenset[str]:
    if "runtimestatus" not in call.query:
        return frozenset()
    asked = [name.strip() for name in call.text("runtimeStatus").split(",")]
    _refuse(set(asked) - set(STATUSES))
    return frozenset(asked)


def _refuse(unknown: Collection[str]) -> None:
    if unknown:
        names = ", ".join(repr(name) for name in sorted(unknown))
        raise BadRequest(
            f"runtimeStatus names {names}, and no status is called so; known are "
            f"{', '.join(STATUSES)}, in this spelling. The local host refuses it; Azure ignores "
            "such a name, and with no other left it lists or purges everything."
        )
