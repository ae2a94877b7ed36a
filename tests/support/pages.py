"""The documentation as tests read it: pages, headings, blocks of code, commands."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


def pages() -> list[Path]:
    """Every Markdown page of the project."""
    found = (page.relative_to(ROOT) for page in ROOT.rglob("*.md"))
    return sorted(page for page in found if not _foreign(page))


def _foreign(page: Path) -> bool:
    return any(part.startswith(".") or part == "node_modules" for part in page.parts)


@dataclass(frozen=True)
class Block:
    """A fenced block of code."""

    page: str
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}: {self.text[:30]!r}"

    @property
    def commands(self) -> list[str]:
        """The shell commands in it: without comments, prompts, and what only sets variables."""
        lines = re.sub(r"\\\n\s*", "", self.text).splitlines()
        told = (re.sub(r"^\$ |(^|\s)#\s.*$", "", line).strip() for line in lines)
        return [line for line in told if line and not _SETS_VARIABLES.fullmatch(line)]


_SETS_VARIABLES = re.compile(r"(export )?([A-Z_]+=[^\s$]*\s*)+")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def blocks(*languages: str) -> list[Block]:
    """Every block in one of these languages, on any page."""
    return [
        Block(str(page), language, text)
        for page in pages()
        for language, text in _FENCE.findall((ROOT / page).read_text(encoding="utf-8"))
        if language in languages
    ]


def prose(page: Path) -> str:
    """The page without its blocks of code: what stands in them is no link and no heading."""
    return _FENCE.sub("", (ROOT / page).read_text(encoding="utf-8"))


def links(page: Path) -> list[str]:
    """Where its links lead, those that stay within the project."""
    found = re.findall(r"\]\(([^)\s]+)\)", prose(page))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def anchors(page: Path) -> Iterator[str]:
    """What its headings can be linked by, as GitHub makes it: a second one of a name is name-1."""
    seen: Counter[str] = Counter()
    for heading in re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE):
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).casefold()
        name = re.sub(r"[^\w\- ]", "", shown).replace(" ", "-")
        yield f"{name}-{seen[name]}" if seen[name] else name
        seen[name] += 1
