"""Lines of the pages: none over 120 characters, to be read in a terminal and in a review."""

import re
from pathlib import Path

import pytest
from pages import ROOT, pages

LONGEST = 120
GENERATED = {Path("docs/api.md")}
"""Made from the sentences of the code (make docs), which has lines of its own."""
UNBROKEN = re.compile(r"\S+")


def too_long(page: Path) -> list[str]:
    """Its long lines, but for what cannot be broken: rows of tables, blocks of code, and one word
    (an address, a link) that is too long by itself.
    """
    found, in_code = list[str](), False
    for line in (ROOT / page).read_text(encoding="utf-8").splitlines():
        if line.lstrip().startswith("```"):
            in_code = not in_code
        breakable = not (in_code or line.startswith("|") or UNBROKEN.fullmatch(line.strip()))
        if breakable and len(line) > LONGEST:
            found.append(line)
    return found


@pytest.mark.parametrize("page", [page for page in pages() if page not in GENERATED], ids=str)
def test_no_line_of_a_page_is_longer_than_120(page: Path) -> None:
    assert too_long(page) == []
