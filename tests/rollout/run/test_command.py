"""What an operator says with a verb."""

import pytest
from pydantic import ValidationError

from rollout.base import field_errors
from rollout.run import Command, CommandBody, Verb


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (Command(verb=Verb.PAUSE), "by an operator"),
        (Command(verb=Verb.PAUSE, by="ann"), "by ann"),
        (Command(verb=Verb.PAUSE, by="ann", reason="wrong image"), "by ann (wrong image)"),
        (Command(verb=Verb.PAUSE, reason="wrong image"), "by an operator (wrong image)"),
    ],
)
def test_who_said_it_and_why(command: Command, text: str) -> None:
    assert command.attribution == text


def test_a_body_may_be_empty() -> None:
    assert CommandBody.from_request({}) == CommandBody()


@pytest.mark.parametrize(
    ("body", "path"),
    [
        pytest.param({"by": 7}, "by", id="a number for a name"),
        pytest.param({"reason": "x" * 257}, "reason", id="a novel for a reason"),
        pytest.param({"instanceIds": []}, "instanceIds", id="an empty list of instances"),
        pytest.param({"instanceIds": [3]}, "instanceIds[0]", id="an instance as a number"),
        pytest.param({"verb": "abort"}, "verb", id="another verb than that of the route"),
    ],
)
def test_a_body_is_refused_for(body: dict[str, object], path: str) -> None:
    with pytest.raises(ValidationError) as refused:
        CommandBody.from_request(body)
    assert [error.path for error in field_errors(refused.value)] == [path]


def test_a_short_command_stays_as_it_is() -> None:
    command = Command(verb=Verb.ABORT, by="ann", reason="wrong image")
    assert command.shortened() == command


@pytest.mark.parametrize("verb", Verb)
def test_only_what_lets_it_go_on_can_be_late(verb: Verb) -> None:
    late = {step for step in (1, 2, 3, None) if Command(verb=verb, step=step).is_late(2)}
    assert late == ({1, 3} if verb.goes_on else set())


def test_what_is_passed_on_to_a_part_is_for_any_step() -> None:
    command = Command(verb=Verb.RESUME, by="ann", step=3)
    assert command.for_any_step() == Command(verb=Verb.RESUME, by="ann")
