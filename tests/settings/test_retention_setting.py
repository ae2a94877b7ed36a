"""The setting that says how long rollouts are remembered."""

from datetime import timedelta

import pytest

from settings.retention import parse_retention


@pytest.mark.parametrize(
    ("text", "days"), [("P1D", 1), ("P180D", 180), ("PT48H", 2), ("P366D", 366)]
)
def test_a_duration_from_a_day_to_a_year(text: str, days: int) -> None:
    assert parse_retention(text) == timedelta(days=days)


@pytest.mark.parametrize("text", ["P0D", "PT23H59M", "-P2D", "P367D", "180", "P6M", "a while"])
def test_anything_else_is_refused_with_how_to_set_it(text: str) -> None:
    with pytest.raises(ValueError, match="from P1D to P366D"):
        parse_retention(text)
