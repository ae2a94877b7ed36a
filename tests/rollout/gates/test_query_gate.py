"""What the answer of a query means: pass, fail, or it cannot be told."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rollout.base import field_errors
from rollout.gates import GateVerdict, LogTable, QueryGate

WORKSPACE = "8d1a9d31-7d0f-4d7c-9d3e-2b0d0a1f7f11"
INSIGHTS = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/components/shop"


def gate(**fields: Any) -> QueryGate:
    usual = {
        "kind": "query", "workspace": WORKSPACE, "query": "requests | summarize rate = 0.2",
        "column": "rate", "condition": "< 1",
    }  # fmt: skip
    return QueryGate.from_request(usual | fields)


def table(*rows: list[Any]) -> LogTable:
    return LogTable(columns=["when", "rate"], rows=[*rows])


def test_the_sentence_has_the_numbers() -> None:
    answered = gate().judged(table(["now", 0.2]))
    assert (answered.verdict, answered.message) == ("pass", "rate is 0.2: < 1 holds")
    answered = gate().judged(table(["now", 1]))
    assert (answered.verdict, answered.message) == ("fail", "rate is 1: < 1 does not hold")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (0.2, "pass"), (2, "fail"), ("0.25", "pass"), (True, "fail"), (False, "pass"),
        ("NaN", "unknown"), ("Infinity", "unknown"), (None, "unknown"), (" ", "unknown"),
        ("many", "unknown"), ([1], "unknown"), ({"a": 1}, "unknown"),
    ],
)  # fmt: skip
def test_a_cell_is_a_number_or_no_verdict(cell: Any, expected: str) -> None:
    assert gate().judged(table(["now", cell])).verdict == expected


def test_no_row_and_more_than_one_are_no_verdict() -> None:
    none = gate().judged(table())
    assert none.verdict is GateVerdict.UNKNOWN
    assert none.message == "the query answered no row, and exactly one is needed"
    assert gate().judged(table(["a", 0], ["b", 0])).verdict == "unknown"


def test_an_answer_in_part_is_no_verdict() -> None:
    part = table(["now", 0]).model_copy(update={"partial": "it took too long"})
    answered = gate().judged(part)
    assert (answered.verdict, "it took too long" in answered.message) == ("unknown", True)


def test_a_column_that_is_not_there_is_named_with_those_that_are() -> None:
    answered = gate(column="Rate").judged(table(["now", 0]))
    assert answered.verdict is GateVerdict.UNKNOWN
    assert answered.message == "the query answered no column Rate: when, rate"


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"workspace": "shop"}, "workspace"),
        ({"workspace": None}, "$"),
        ({"resource": INSIGHTS}, "$"),
        ({"workspace": None, "resource": f"{INSIGHTS}/../x"}, "resource"),
        ({"query": ""}, "query"),
        ({"condition": "< 1 %"}, "condition"),
        ({"condition": ""}, "condition"),
        ({"window": "P40D"}, "window"),
        ({"column": ""}, "column"),
    ],
)
def test_what_is_refused(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(ValidationError) as raised:
        gate(**fields)
    assert [each.path for each in field_errors(raised.value)] == [path]


CELLS = st.none() | st.text(max_size=5) | st.floats() | st.integers() | st.just([])


@given(st.lists(st.lists(CELLS, max_size=3), max_size=3))
def test_only_one_row_with_a_number_is_a_verdict(rows: list[list[Any]]) -> None:
    found = gate().judged(table(*rows)).verdict
    if found in {"pass", "fail"}:
        [row] = rows
        assert float(row[1]) == float(row[1])
