import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rollout.base import packed, unpacked
from rollout.base.packing import SMALL


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none()), st.integers(0, 3))
def test_what_was_packed_is_unpacked_as_it_was(state: dict[str, Any], times: int) -> None:
    large = state | {"more": "ä" * SMALL * times}
    assert unpacked(json.loads(json.dumps(packed(large)))) == large


def test_what_is_small_can_be_read_by_anybody() -> None:
    state: dict[str, Any] = {"events": [], "last": 0}
    assert packed(state) == state
    assert unpacked(None) is None


def test_a_thousand_like_lines_become_small() -> None:
    lines = {f"web-{number}": {"phase": "Succeeded", "total": number} for number in range(1000)}
    assert len(json.dumps(packed(lines))) < len(json.dumps(lines)) / 5
