import json
from hashlib import sha256
from typing import Any

import pytest
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


LARGE = 16_384
"""The most that is to be put into an entity at once."""
FLEXIBLE = [f"web_{sha256(str(number).encode()).hexdigest()[:8]}" for number in range(1000)]
"""The names of instances of a Flexible scale set, which nobody can shorten."""
ROWS: list[Any] = [
    [name, index % 5, index % 3, "1", 0, 0, 0] for index, name in enumerate(FLEXIBLE)
]


def _batches(size: int) -> list[Any]:
    groups = [FLEXIBLE[first : first + size] for first in range(0, 1000, size)]
    return [{"number": number, "instanceIds": ids} for number, ids in enumerate(groups, start=1)]


@pytest.mark.parametrize("size", [200, 100, 20])
def test_a_part_of_the_log_of_a_thousand_instances_is_small(size: int) -> None:
    """Two plans, and between them as many batches as a part has room for."""
    plan = {"kind": "planned", "evidence": {"batches": _batches(size)}}
    log = [
        {"kind": kind, "message": f"Batch {batch['number']}", "evidence": batch}
        for batch in _batches(size)[:11]
        for kind in ("batchStarted", "upgradeSent", "batchFinished")
    ]
    assert len(json.dumps(packed({"events": [plan, *log, plan]}))) <= LARGE


def test_a_record_of_a_thousand_instances_is_small() -> None:
    """Also if there is something to say of each."""
    reasons = dict.fromkeys(FLEXIBLE, "it runs the image already, so that there is nothing to do")
    record = {"baseline": {"rows": ROWS}, "reasons": reasons, "parts": ["0", "1"]}
    assert len(json.dumps(packed(record))) <= LARGE
