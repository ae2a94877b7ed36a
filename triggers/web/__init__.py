"""What every HTTP route needs: reading requests, responding, and refusing."""

from triggers.web.admission import Access
from triggers.web.answers import answer, lines_answer, problem_answer
from triggers.web.bodies import IDEMPOTENCY_KEY, read_optional, read_request
from triggers.web.location import status_location
from triggers.web.query import LOG, MARK, MOST, Query, after, wants_lines
from triggers.web.route import Call, Route, answered
from triggers.web.verb_guard import (
    done_already,
    refuse_own_approval,
    refuse_unless_allowed,
    refuse_without_reason,
)

__all__ = [
    "IDEMPOTENCY_KEY",
    "LOG",
    "MARK",
    "MOST",
    "Access",
    "Call",
    "Query",
    "Route",
    "after",
    "answer",
    "answered",
    "done_already",
    "lines_answer",
    "problem_answer",
    "read_optional",
    "read_request",
    "refuse_own_approval",
    "refuse_unless_allowed",
    "refuse_without_reason",
    "status_location",
    "wants_lines",
]
