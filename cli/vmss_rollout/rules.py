"""The policy as it is typed: a preset, a file on top, then single fields, gates and windows."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from vmss_rollout.command_error import UsageError
from vmss_rollout.documents import document, with_settings
from vmss_rollout.near import near
from vmss_rollout.session import Session
from vmss_rollout.values import Json, items, lines, part, text

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(r"(?:(?P<days>[a-z,-]+)\s+)?(?P<begins>\d\d:\d\d)-(?P<ends>\d\d:\d\d)\s+(\S+)")
_GATE = re.compile(r"(?:(?P<place>[a-zA-Z]+)\s+)?(?P<url>https?://\S+)(?:\s+(?P<condition>.+))?")


@dataclass(frozen=True)
class Rules:
    """What was typed."""

    file: Path | None = None
    preset: str = ""
    settings: list[str] = field(default_factory=list[str])
    gates: list[str] = field(default_factory=list[str])
    windows: list[str] = field(default_factory=list[str])

    def policy(self, session: Session) -> Json:
        """Each on top of those before; gates and windows are added to those that there are."""
        body = self._preset(session) | (document(self.file) if self.file else {})
        body = with_settings(body, self.settings)
        for typed in self.gates:
            body = _added(
                body, "gates", gate(typed, [text(line, "name") for line in lines(body, "gates")])
            )
        for typed in self.windows:
            body = _added(body, "windows", window(typed))
        return body

    def _preset(self, session: Session) -> Json:
        if not self.preset:
            return {}
        listed = session.client.listed("/policies/presets")
        named = {text(line, "name"): line for line in listed}
        if self.preset not in named:
            hint = near(self.preset, named) or f"There are: {', '.join(named)}"
            raise UsageError(f"There is no preset '{self.preset}'.", hint)
        return part(named[self.preset], "policy")

    @property
    def words(self) -> list[str]:
        """The options that say the same."""
        typed = {"--set": self.settings, "--gate": self.gates, "--window": self.windows}
        named = {"--policy": str(self.file) if self.file else "", "--preset": self.preset}
        return [
            *(word for option, value in named.items() if value for word in (option, value)),
            *(
                word
                for option, values in typed.items()
                for value in values
                for word in (option, value)
            ),
        ]


def _added(body: Json, name: str, entry: Json) -> Json:
    return body | {name: [*items(body.get(name)), entry]}


def gate(typed: str, taken: list[str]) -> Json:
    """A gate that asks a URL: "https://… ok" after each batch, "end https://…" at another place. It
    gets a name that is not among those that are taken.
    """
    found = _GATE.fullmatch(typed.strip())
    if not found:
        raise UsageError(
            f"'{typed}' is no URL with a condition.",
            "Such as: --gate 'https://checks.example.com/web ok'. All else goes into a file: "
            "docs/gates.md",
        )
    condition = found["condition"]
    check = {"kind": "http", "url": found["url"]} | ({"condition": condition} if condition else {})
    free = (f"check {number}" for number in range(2, len(taken) + 3))
    name = next(name for name in ("check", *free) if name not in taken)
    return {"name": name, "place": found["place"] or "afterBatch", "check": check}


def window(typed: str) -> Json:
    """A weekly window: "mon-fri 22:00-05:00 Europe/Berlin"; without days on all of them."""
    found = _WINDOW.fullmatch(" ".join(typed.split()))
    days = _days(found["days"] or "mon-sun") if found else []
    if not found or not days:
        raise UsageError(
            f"'{typed}' is no window.", "Such as: --window 'mon-fri 22:00-05:00 Europe/Berlin'"
        )
    return {"days": days, "from": found["begins"], "to": found["ends"], "timeZone": found[4]}


def _days(typed: str) -> list[str]:
    """Those of "fri-mon,wed" in the order of the week; none if a word is no day."""
    days: set[str] = set()
    for word in typed.split(","):
        first, _, last = word.partition("-")
        if not {first, last or first} <= set(_WEEK):
            return []
        begins = _WEEK.index(first)
        count = (_WEEK.index(last or first) - begins) % len(_WEEK) + 1
        days |= {_WEEK[(begins + number) % len(_WEEK)] for number in range(count)}
    return [day for day in _WEEK if day in days]
