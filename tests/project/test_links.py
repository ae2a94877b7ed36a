"""Every link in the documentation leads somewhere."""

from pathlib import Path

import pytest
from pages import ROOT, anchors, links, pages


def dead(page: Path, link: str) -> bool:
    """Whether there is no such file, or no such heading in it."""
    name, _, anchor = link.partition("#")
    target = ((ROOT / page).parent / name if name else ROOT / page).resolve()
    if not target.exists():
        return True
    return bool(anchor) and anchor not in anchors(target.relative_to(ROOT))


@pytest.mark.parametrize("page", pages(), ids=str)
def test_no_link_is_dead(page: Path) -> None:
    assert not [link for link in links(page) if dead(page, link)]


def test_every_page_of_the_documentation_is_linked() -> None:
    """Nobody finds a page that nothing leads to."""
    linked = {
        ((ROOT / page).parent / link.partition("#")[0]).resolve()
        for page in pages()
        for link in links(page)
        if not link.startswith("#")
    }
    docs = [page for page in pages() if page.parts[0] in {"docs", "local"}]
    assert {Path("docs/local.md"), Path("local/host/README.md"), Path("local/arm/README.md")} < {
        *docs
    }
    assert not [page for page in docs if (ROOT / page).resolve() not in linked]


def test_a_dead_link_would_be_found() -> None:
    page = Path("docs/how-it-works.md")
    assert dead(page, "no-such-page.md")
    assert dead(page, "glossary.md#no-such-heading")
    assert dead(page, "#no-such-heading")
    assert not dead(page, "#how-the-lock-works")
