"""How values are read and written as JSON."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from rollout.base import Duration, Request, Shown, Value


class Part(Request):
    some_text: str = ""


class Whole(Value):
    some_number: int
    part: Part = Part()
    pause: Duration | None = None


class Answer(Shown):
    some_number: int | None = None
    whole: Whole | None = None


FULL = {"someNumber": 7, "part": {"someText": "x"}, "pause": "PT1M"}


def test_a_value_is_written_as_it_was_read_in_camel_case() -> None:
    read = Whole.from_json(FULL)
    assert read == Whole(some_number=7, part=Part(some_text="x"), pause=timedelta(minutes=1))
    assert read.to_json() == FULL


def test_fields_without_a_value_are_left_out() -> None:
    assert Whole(some_number=7).to_json() == {"someNumber": 7, "part": {"someText": ""}}


def test_what_is_shown_has_all_of_its_own_fields() -> None:
    assert Answer(whole=Whole(some_number=7)).to_json() == {
        "someNumber": None,
        "whole": {"someNumber": 7, "part": {"someText": ""}},
    }


def test_what_was_stored_may_have_fields_that_nobody_knows_also_in_a_request_within_it() -> None:
    stored = {**FULL, "later": 1, "part": {"someText": "x", "later": {"more": 2}}}
    assert Whole.from_json(stored) == Whole.from_json(FULL)


def test_a_request_may_not_have_fields_that_nobody_knows() -> None:
    with pytest.raises(ValidationError, match="not permitted"):
        Part.from_request({"someText": "x", "later": 1})


def test_names_are_in_camel_case_only() -> None:
    assert Part.from_json({"some_text": "x"}) == Part()
    with pytest.raises(ValidationError):
        Part.from_request({"some_text": "x"})


@pytest.mark.parametrize("data", [None, [], "text", 7, {"someNumber": "many"}])
def test_what_is_something_else_is_no_value(data: object) -> None:
    with pytest.raises(ValidationError):
        Whole.from_json(data)


def test_a_value_does_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Whole(some_number=7).some_number = 8  # pyright: ignore[reportAttributeAccessIssue]
