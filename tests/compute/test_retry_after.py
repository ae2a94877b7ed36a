"""How long Azure asks to wait, and what is made of it."""

from typing import Any

import pytest

from compute.retry_after import retry_after
from rollout.base import LONGEST_WAIT, ArmError, ArmErrorKind

NOW = "Sun, 29 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "0.5"}, 0.5),
        ({"Retry-After": "-3"}, 0),
        ({"Retry-After": "604800"}, 604_800),
        ({"Retry-After": "1e300"}, 1e300),
        ({"Retry-After": "inf"}, float("inf")),
        ({"Retry-After": "-inf"}, 0),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Sun, 29 Nov 2026 10:01:30 GMT", "Date": NOW}, 90),
        ({"Retry-After": "Sun, 29 Nov 2026 09:00:00 GMT", "Date": NOW}, 0),
        ({"Retry-After": "Sun, 29 Nov 2026 10:01:30 GMT"}, None),
        ({"Retry-After": "Sun, 99 Nov 2026 10:01:30 GMT", "Date": NOW}, None),
    ],
)
def test_a_header_is_read_whatever_it_holds(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def error(retry_after: float | None, **more: Any) -> ArmError:
    return ArmError(
        kind=ArmErrorKind.UNAVAILABLE,
        action="read",
        resource="web",
        status=429,
        code="OperationNotAllowed",
        message="Too many requests.",
        retry_after=retry_after,
        **more,
    )


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (None, None),
        (7, 7),
        (-3, 0),
        (604_800, LONGEST_WAIT.total_seconds()),
        (1e300, LONGEST_WAIT.total_seconds()),
        (float("inf"), LONGEST_WAIT.total_seconds()),
        (float("nan"), None),
    ],
)
def test_no_error_asks_for_longer_than_we_wait(asked: float | None, kept: float | None) -> None:
    assert error(asked).retry_after == kept


def test_who_is_throttled_is_told_so_first() -> None:
    """Azure's code for it is the one that it has for refusals, too."""
    assert str(error(7)) == "could not read web: throttled (429): Too many requests"
    problem = error(7).as_problem()
    assert (problem.status, problem.retry_after) == (503, 7)
    assert problem.title == "Azure throttles this app (429)"
    assert "Nothing was started" in problem.detail
    assert "the same id" in problem.detail
