"""Texts for people, and texts that must be short."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout.base import named, sentence, shortened


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("The disk is in use.", "The disk is in use", id="without its full stop"),
        pytest.param("The disk\r\n  is in use", "The disk is in use", id="on one line"),
        pytest.param("x" * 500, "x" * 500, id="up to 500 characters"),
        pytest.param("x" * 501, "x" * 500 + " …", id="and no more"),
    ],
)
def test_somebody_elses_text_is_told(text: str, shown: str) -> None:
    assert sentence(text) == shown


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, ""),
        (1, "0"),
        (3, "0, 1, 2"),
        pytest.param(20, ", ".join(map(str, range(20))), id="twenty are all named"),
        pytest.param(21, ", ".join(map(str, range(20))) + " and 1 more", id="more are counted"),
    ],
)
def test_ids_as_people_read_them(count: int, text: str) -> None:
    assert named([str(number) for number in range(count)]) == text


@pytest.mark.parametrize(
    ("text", "room", "shown"),
    [
        pytest.param("", 2, "", id="nothing"),
        pytest.param("four", 6, "four", id="what fits stays as it is"),
        pytest.param("fours", 6, "fours", id="also without room for the quotes of JSON"),
        pytest.param("sevens!", 6, "sevens …", id="what does not fit is cut"),
        pytest.param("磁盘无法", 13, "磁盘 …", id="letters that take six characters are fewer"),
    ],
)
def test_a_text_is_shortened(text: str, room: int, shown: str) -> None:
    assert shortened(text, room) == shown


@given(st.text(max_size=60), st.integers(2, 60))
def test_a_shortened_text_begins_as_it_did_and_fits(text: str, room: int) -> None:
    short = shortened(text, room)
    kept = short.removesuffix(" …") if short != text else text
    assert text.startswith(kept)
    assert len(json.dumps(kept)) <= room + 2
