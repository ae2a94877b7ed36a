"""Asks a query: POST https://api.loganalytics.io/v1/…/query."""

from typing import Any

from monitor.asking import asked
from monitor.client import logs_client
from rollout.gates import Answered, GateQuestion, LogTable, QueryGate

_SERVER_SECONDS = 20
_ENOUGH_ROWS = 2
"""To see that it is not one."""


async def ask_logs(gate: QueryGate, question: GateQuestion) -> Answered:
    """One query, of a workspace or of an Application Insights resource."""
    span = (question.now - gate.window, question.now)
    asked_of = gate.workspace or gate.resource or ""

    def read() -> Answered:
        client = logs_client()
        more: dict[str, Any] = {"timespan": span, "server_timeout": _SERVER_SECONDS}
        if gate.workspace:
            return gate.judged(_table(client.query_workspace(gate.workspace, gate.query, **more)))
        found = client.query_resource(asked_of.strip("/"), gate.query, **more)
        return gate.judged(_table(found))

    needs = f"the role Log Analytics Reader or Monitoring Reader on {asked_of}"
    return await asked(read, "query the logs of", asked_of, needs)


def _table(found: Any) -> LogTable:
    if error := getattr(found, "partial_error", None):
        return LogTable(partial=str(error.message or error.code or "Azure says no more"))
    [first, *_] = found.tables
    rows = [[*row] for row in first.rows[:_ENOUGH_ROWS]]
    return LogTable(columns=first.columns, rows=rows)
