"""What every HTTP route needs: reading requests, responding, and refusing."""

from triggers.web.answers import answer, lines_answer, problem_answer
from triggers.web.bodies import IDEMPOTENCY_KEY, read_optional, read_request
from triggers.web.query import FORMAT, Query, wants_lines
from triggers.web.route import Call, Route, register_route
from triggers.web.verb_guard import done_already, refuse_unless_allowed

__all__ = [
    "FORMAT",
    "IDEMPOTENCY_KEY",
    "Call",
    "Query",
    "Route",
    "answer",
    "done_already",
    "lines_answer",
    "problem_answer",
    "read_optional",
    "read_request",
    "refuse_unless_allowed",
    "register_route",
    "wants_lines",
]
