"""The page: small, its libraries are what npm has, and nothing in it leads out of the app."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from triggers.dashboard import page_files

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "dashboard"
VENDORED = json.loads((FOLDER / "vendor/vendor.json").read_text())
PINNED = json.loads((FOLDER / "check/package.json").read_text())["dependencies"]
OWN = sorted(
    path
    for path in FOLDER.rglob("*")
    if path.suffix in {".js", ".css", ".html"} and "vendor" not in path.parts
)
MOST_PLAIN, MOST_ZIPPED = 200_000, 60_000
"""Bytes of the whole page, as the issue of it demands."""


def test_the_whole_page_is_small() -> None:
    files = page_files().values()
    assert sum(len(file.plain) for file in files) <= MOST_PLAIN
    assert sum(len(gzip.compress(file.plain)) for file in files) <= MOST_ZIPPED


def test_what_is_sent_has_no_comments_and_the_lines_of_the_source() -> None:
    """Types are in comments, and weigh a seventh of all."""
    for file in (file for file in OWN if file.suffix == ".js"):
        sent = page_files()[file.relative_to(FOLDER).as_posix()].plain.decode()
        source = file.read_text(encoding="utf-8")
        assert sent.count("\n") == source.count("\n")
        assert not re.search(r"^\s*//|/\*\*", sent, re.MULTILINE), file.name
    assert 'text.startsWith("https://")' in page_files()["start.js"].plain.decode()


@pytest.mark.parametrize("library", VENDORED, ids=[one["file"] for one in VENDORED])
def test_a_library_is_the_file_of_its_package(library: dict[str, str]) -> None:
    content = (FOLDER / "vendor" / library["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == library["sha256"]
    assert PINNED[library["package"]] == library["version"]
    installed = ROOT / ".npm/node_modules" / library["package"] / library["path"]
    if installed.exists():
        assert installed.read_bytes() == content


def test_every_library_is_listed_and_has_its_licence() -> None:
    there = {path.name for path in (FOLDER / "vendor").glob("*.js")}
    licences = (FOLDER / "vendor/LICENCES").read_text()
    assert there == {library["file"] for library in VENDORED}
    assert all(library["package"] in licences for library in VENDORED)


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_a_file_of_ours_names_no_foreign_address_and_stays_short(path: Path) -> None:
    text = path.read_text()
    addresses = re.findall(r"https?://[\w.]+", text)
    assert not [found for found in addresses if found != "http://www.w3.org"]
    assert len(text.splitlines()) <= 300


def test_the_page_loads_only_files_that_are_there() -> None:
    page = (FOLDER / "index.html").read_text()
    named = re.findall(r'"/api/dashboard/([^"]+)"', page)
    assert named
    assert set(named) <= set(page_files())
