"""A line of the log is no command to the service."""

import pytest

from pipelines.log import quiet

COMMANDS = [
    "::error::x",
    "  ::add-mask::x",
    "##[error]x",
    "a ##[group]b",
    "instance 5: ##vso[task.complete result=Succeeded]",
    "####vso[task.complete]",
    "###[x]",
]


@pytest.mark.parametrize("text", COMMANDS)
def test_a_line_commands_nothing(text: str) -> None:
    """GitHub's runner takes `::` at the beginning of a line, and `##[` anywhere, for a command;
    Azure's agent `##vso[` and `##[` anywhere.
    """
    said = quiet(text)
    assert said != text
    assert not said.lstrip().startswith("::")
    assert "##" not in said


def test_other_lines_stay_as_they_are() -> None:
    assert quiet("Batch 1 of 2: a::b # 3") == "Batch 1 of 2: a::b # 3"
