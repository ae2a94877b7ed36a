"""What a rollout waits for: gates, approvals, bakes, pauses and hooks, a line for each."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from rich.text import Text

from vmss_rollout.terminal.icons import of_verdict
from vmss_rollout.values import Json, lines, moment, text

_NO_GATES = {"approval", "bake", "pause"}
"""These have their place in their name."""
_WAITS = {"": "to come", "pass": "over", "fail": "failed", "notYet": "waits"}
"""How the verdict is said of them."""


@dataclass(frozen=True)
class GateLine:
    """A line of the list, with its last answer ("" before that), and until when it waits."""

    name: str
    where: str
    verdict: str
    message: str
    holds: bool = True
    until: datetime | None = None

    @classmethod
    def of(cls, body: Json) -> Self:
        kind, weight = text(body, "kind"), text(body, "weight")
        said = [text(body, name) for name in ("kind", "place", "weight")]
        return cls(
            name=text(body, "name"),
            where="" if kind in _NO_GATES else ", ".join(word for word in said if word),
            verdict=text(body, "verdict") or text(body, "state"),
            message=text(body, "message"),
            holds=weight in {"", "required"},
            until=moment(body, "until"),
        )

    def shown(self, *, ascii_only: bool) -> Text:
        """A mark, its name, where it is asked, and what it says."""
        icon = of_verdict(self.verdict, holds=self.holds)
        label = icon.label if self.where else _WAITS.get(self.verdict, icon.label)
        drawn = Text().append(icon.shown(ascii_only=ascii_only), icon.style)
        drawn.append(f" {self.name}", "bold")
        drawn.append(f" ({self.where})" if self.where else "", "dim").append(f" {label}")
        drawn.append(f": {self.message}" if self.message else "")
        waits = self.until and self.verdict == "notYet"
        return drawn.append(f", until {self.until:%Y-%m-%d %H:%MZ}" if waits else "", "dim")


def gate_lines(body: Json) -> list[GateLine]:
    """Of a rollout or fleet rollout: its gates, then its hooks, if the app has any. What it says
    itself is not said again.
    """
    found = [GateLine.of(line) for name in ("gates", "hooks") for line in lines(body, name)]
    said = text(body, "message")
    return [replace(line, message="") if line.message == said else line for line in found]
