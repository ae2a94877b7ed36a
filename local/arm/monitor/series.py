"""Metrics: `POST /_sim/metrics`, or declared from Python."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import Field

from local.arm.base import Declared, Duration, guid

_ALWAYS = datetime.min.replace(tzinfo=UTC)


class SeriesSpec(Declared):
    """What one metric of one resource shows, for one set of the values of its dimensions.

    Said again, it changes from then on: what was before stays what it was.
    """

    resource: str = Field(min_length=1)
    name: str = Field(min_length=1)
    value: float | None = None
    """Of every minute; null for none."""
    since: datetime | None = None
    """From when on; by default from now on, and the first time from ever on."""
    dimensions: dict[str, str] = Field(default_factory=dict[str, str])
    """Such as {"VMName": "web_0"}. What real ones are called for a scale set's instances is
    documented; what their values are was never recorded.
    """
    namespace: str = ""
    """By default, the resource's type."""
    unit: str = "Percent"
    region: str = "westus"
    delay: Duration = timedelta(0)
    """How much later than it was measured a value is shown. Azure's is some minutes at most."""

    @property
    def key(self) -> str:
        """The same for the same series."""
        named = sorted((name.lower(), value) for name, value in self.dimensions.items())
        return f"{self.resource.strip('/').lower()} {self.name.lower()} {named}"

    @property
    def type(self) -> str:
        """Its namespace."""
        provider = self.resource.partition("/providers/")[2].split("/")
        return self.namespace or "/".join([provider[0], *provider[1::2]])


@dataclass
class Series:
    """A series, and what it has shown from when on."""

    spec: SeriesSpec
    steps: list[tuple[datetime, float | None]] = field(
        default_factory=list[tuple[datetime, float | None]]
    )

    @property
    def id(self) -> str:
        return guid("series", self.spec.key)

    def say(self, spec: SeriesSpec, now: datetime) -> None:
        """Show another value."""
        begin = spec.since or (now if self.steps else _ALWAYS)
        self.spec = spec
        kept = [step for step in self.steps if step[0] < begin]
        self.steps = [*kept, (begin, spec.value)]

    def at(self, minute: datetime, now: datetime) -> float | None:
        """The value of that minute, as it is shown now; None if there is none."""
        if minute + self.spec.delay > now:
            return None
        return next((value for begin, value in reversed(self.steps) if begin <= minute), None)

    def dimension(self, name: str) -> str | None:
        """Its value of that dimension, whose name has no case."""
        named: dict[str, Any] = {key.lower(): value for key, value in self.spec.dimensions.items()}
        return named.get(name.lower())
