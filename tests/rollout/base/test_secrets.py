"""What people read of a failure: one line of it, and no secret."""

import re

import pytest
from builders import throttled
from hypothesis import given
from hypothesis import strategies as st

from rollout.base import ArmError, ArmErrorKind, first_line
from rollout.base.wording import without_secrets
from rollout.run import Command

NAMES = ["password", "PASSWORD", "pwd", "sig", "AccountKey", "SharedAccessKey"]
STACK = 'ValueError: no.\n  File "x.py", line 1, in f\n    raise ValueError("no")\n' * 100


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("It failed.", "It failed", id="one line"),
        pytest.param(STACK, "ValueError: no", id="the first of many"),
        pytest.param("\n\r\n  It   failed \n at once", "It failed", id="after empty ones"),
        pytest.param("", "no reason was given", id="nothing"),
        pytest.param(" \n\t\n", "no reason was given", id="nothing but space"),
        pytest.param("a?sig=x1%3D&b=1", "a?sig (hidden)&b=1", id="without secrets"),
    ],
)
def test_a_failure_is_told_in_its_first_line(text: str, shown: str) -> None:
    assert first_line(text) == shown


@given(st.text(max_size=2000))
def test_the_first_line_is_one_short_line(text: str) -> None:
    line = first_line(text)
    assert 0 < len(line) <= 502
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("before", ["", "Server=a;", "https://a/b?c=1&", '{"x": "'])
def test_a_secret_is_hidden(name: str, before: str) -> None:
    shown = without_secrets(f"{before}{name}=hunter2+/==;d=1")
    assert "hunter2" not in shown
    assert f"{name}=" not in shown
    assert shown.endswith(";d=1")


@pytest.mark.parametrize("name", ["dbPassword", "db_password", "BlobAccountKey"])
def test_a_secret_whose_name_is_longer_is_hidden_too(name: str) -> None:
    """The host looks for the letters, wherever they stand in a word."""
    assert "hunter2" not in without_secrets(f"{name}=hunter2;d=1")


@pytest.mark.parametrize(
    "text",
    ["a password is needed", "design=1", "config=1", "the signature is wrong", "sig = 1"],
)
def test_a_text_without_a_secret_stays(text: str) -> None:
    assert without_secrets(text) == text


@given(
    st.lists(st.sampled_from([*[f"{name}=" for name in NAMES], "a", " ", ";", "&", "=", '"', "\n"]))
)
def test_nothing_is_left_that_the_functions_host_would_cut_out(parts: list[str]) -> None:
    shown = without_secrets("".join(parts))
    assert not re.search(r"(?i)(password|pwd|sig|accountkey|sharedaccesskey)=", shown)
    assert without_secrets(shown) == shown


def test_azures_words_and_an_operators_are_kept_without_secrets() -> None:
    said = "Cannot mount: AccountKey=abc=="
    error = ArmError.from_json(throttled().to_json() | {"message": said})
    assert error.message == "Cannot mount: AccountKey (hidden)"
    command = Command.from_json({"verb": "abort", "reason": "password=abc"})
    assert command.reason == "password (hidden)"


def test_an_activity_that_died_may_have_done_what_it_was_to_do() -> None:
    error = ArmError.of_death(RuntimeError(f"{STACK}"))
    assert (error.kind, error.passes, error.code) == (ArmErrorKind.UNAVAILABLE, True, "WorkerDied")
    assert error.message == "ValueError: no"


def test_a_closed_gate_does_not_pass() -> None:
    error = ArmError.of_closed_gate("web", "another rollout has the scale set: r2")
    assert not error.passes
    assert "another rollout has the scale set: r2" in str(error)
