"""What is played in part by day is played as a whole at night."""

import re
import subprocess
from pathlib import Path

import nightly
import pytest
from pages import ROOT

IN_PART = re.compile(
    r"^from nightly import|\"RANDOM_STORIES\"|^@pytest\.mark\.by_day\(", re.MULTILINE
)


def played_at_night() -> list[Path]:
    """The files and folders that `make nightly` names, without those it leaves out."""
    dry = subprocess.run(
        ["make", "--dry-run", "nightly"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [ROOT / name for name in re.findall(r" (tests/\S+)", dry.stdout)]


def test_whatever_is_played_in_part_is_played_at_night() -> None:
    paths = played_at_night()
    in_part = [
        file
        for file in (ROOT / "tests").rglob("test_*.py")
        if IN_PART.search(file.read_text(encoding="utf-8"))
    ]
    assert len(in_part) > len({file.parent for file in in_part})
    for file in in_part:
        assert any(file.is_relative_to(path) for path in paths), f"{file} is not in make nightly"


def test_what_make_nightly_names_is_there() -> None:
    assert all(path.exists() for path in played_at_night())


def test_by_day_each_of_both_is_there_and_at_night_each_with_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nightly, "NIGHTLY", False)
    by_day = nightly.crossed("abc", range(5))
    monkeypatch.setattr(nightly, "NIGHTLY", True)
    at_night = nightly.crossed("abc", range(5))
    assert by_day == [("a", 0), ("b", 1), ("c", 2), ("a", 3), ("b", 4)]
    assert len(set(at_night)) == 15
    assert set(by_day) <= set(at_night)
