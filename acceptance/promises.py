"""What was promised and what was seen: the lines that a run says, and keeps."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum

from acceptance.calls import Json


class Verdict(StrEnum):
    """What came of a promise."""

    OK = "ok"
    MISSED = "missed"
    NOT_RUN = "notRun"


_MARKS = {Verdict.OK: "ok    ", Verdict.MISSED: "MISSED", Verdict.NOT_RUN: "not run"}


@dataclass(frozen=True)
class Line:
    """`seen` is what came, or why it could not be looked at."""

    story: str
    promised: str
    seen: str
    verdict: Verdict

    def __str__(self) -> str:
        return f"{_MARKS[self.verdict]:7} {self.story}: promised {self.promised} | seen {self.seen}"


class Promises:
    """All lines of a run; each is said at once, by `say`, which takes a line of text."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self.lines: list[Line] = []

    def add(self, story: str, promised: str, seen: str, verdict: Verdict) -> None:
        line = Line(story, promised, " ".join(seen.split()), verdict)
        self.lines.append(line)
        self._say(str(line))

    def count(self, verdict: Verdict) -> int:
        return sum(line.verdict is verdict for line in self.lines)

    @property
    def summary(self) -> str:
        counts = [(Verdict.OK, "kept"), (Verdict.MISSED, "missed"), (Verdict.NOT_RUN, "not run")]
        return ", ".join(f"{self.count(verdict)} {word}" for verdict, word in counts)

    def to_json(self) -> Json:
        """`{"ok", "missed", "notRun", "lines": [{"story", "promised", "seen", "verdict"}]}`."""
        counts = {str(verdict): self.count(verdict) for verdict in Verdict}
        return {**counts, "lines": [asdict(line) for line in self.lines]}
