"""The kind query: one row of a query in Azure Monitor's logs."""

from collections.abc import Sequence
from datetime import timedelta
from math import isfinite
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from rollout.base import PositiveDuration, Request, Value, sentence
from rollout.gates.answered import Answered, GateVerdict
from rollout.gates.comparison import Comparison, PlainComparison, shown
from rollout.gates.resource import ResourceId

_GUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
_SHOWN = 100


class LogTable(Value):
    """The first table of an answer, with two rows at most; `partial` says why it is not all."""

    columns: list[str] = []
    rows: list[list[Any]] = []
    partial: str = ""


class QueryGate(Request):
    """Passes while `column` of the one row that `query` answers fulfils `condition`."""

    kind: Literal["query"]
    workspace: Annotated[str, StringConstraints(strict=True, pattern=_GUID)] | None = Field(
        default=None, description="The id of a Log Analytics workspace."
    )
    resource: ResourceId | None = Field(
        default=None, description="Or the ARM id of an Application Insights resource."
    )
    query: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=4000)] = Field(
        description="KQL that answers one row: end it with summarize, or with take 1."
    )
    column: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200)] = Field(
        description="The column with the number."
    )
    condition: PlainComparison = Field(description="Such as < 0.5.")
    window: Annotated[PositiveDuration, Field(le=timedelta(days=30))] = Field(
        default=timedelta(minutes=30), description="How far back rows are looked at."
    )

    @model_validator(mode="after")
    def _asks_somebody(self) -> Self:
        if (self.workspace is None) == (self.resource is None):
            raise ValueError("name either a workspace or a resource")
        return self

    def judged(self, table: LogTable) -> Answered:
        """The verdict of what was answered."""
        if table.partial:
            why = f"the query was answered in part only: {sentence(table.partial)}"
            return Answered.unknown(why)
        if len(table.rows) != 1:
            count = "several rows" if table.rows else "no row"
            return Answered.unknown(f"the query answered {count}, and exactly one is needed")
        if self.column not in table.columns:
            there = sentence(", ".join(table.columns), _SHOWN)
            return Answered.unknown(f"the query answered no column {self.column}: {there}")
        return self._compared(_cell(table.rows[0], table.columns.index(self.column)))

    def _compared(self, cell: object) -> Answered:
        value = _number(cell)
        if value is None:
            said = sentence(repr(cell), _SHOWN)
            return Answered.unknown(f"{self.column} is {said}, which is no number")
        passed = Comparison.parse(self.condition).holds(value)
        return Answered(
            verdict=GateVerdict.PASSED if passed else GateVerdict.FAILED,
            message=f"{self.column} is {shown(value)}: {self.condition} "
            f"{'holds' if passed else 'does not hold'}",
            evidence={"value": value},
        )


def _cell(row: Sequence[object], number: int) -> object:
    return row[number] if number < len(row) else None


def _number(cell: object) -> float | None:
    """Of a decimal, Azure answers text; of a division by zero "NaN"."""
    if not isinstance(cell, int | float | str):
        return None
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if isfinite(value) else None
