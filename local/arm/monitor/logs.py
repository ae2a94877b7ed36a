"""The answers to queries: `POST /_sim/logs`, or declared from Python. No query is carried out."""

from typing import Any, Literal

from pydantic import Field

from local.arm.base import Declared, guid

type ColumnType = Literal[
    "bool", "datetime", "dynamic", "int", "long", "real", "string", "guid", "decimal", "timespan"
]


class Table(Declared):
    """A table of an answer: its columns with their types, and its rows."""

    name: str = "PrimaryResult"
    columns: dict[str, ColumnType] = Field(default_factory=dict[str, ColumnType])
    rows: list[list[Any]] = Field(default_factory=list[list[Any]])


class LogAnswer(Declared):
    """What queries that it matches are answered with; the last one that was declared counts.

    `error` alone is the answer of a query that failed; with `partial` the table comes with it, as
    documented for PartialError.
    """

    target: str = ""
    """The id of a workspace, or the ARM id of a resource; all when empty."""
    query: str = ""
    """Part of the query's text, in any case; all when empty."""
    table: Table = Table()
    error: str = ""
    """A code such as BadArgumentError."""
    message: str = "A recognized error occurred."
    status: int = Field(default=400, ge=400, le=599)
    partial: bool = False

    @property
    def id(self) -> str:
        """The same for the same target and part of a query."""
        return guid("answer", self.target.lower(), self.query.lower())

    def answers(self, target: str, query: str) -> bool:
        wanted = self.target.strip("/").lower()
        return wanted in {"", target.strip("/").lower()} and self.query.lower() in query.lower()
