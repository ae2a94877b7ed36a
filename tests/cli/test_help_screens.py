"""What --help says of every command, whole: nobody learns a command from a page that is cut off."""

import pytest
import typer.main
from command import Done, Person, plain
from screens import SCREENS, hold

from vmss_rollout.main import app


def commands() -> dict[str, list[str]]:
    """Every command that there is, by the name of its screen."""
    words: list[list[str]] = [[]]
    for name, command in typer.main.get_group(app).commands.items():
        words.append([name])
        words += [[name, inner] for inner in getattr(command, "commands", {})]
    return {"-".join(named) or "vmss-rollout": named for named in words}


@pytest.mark.parametrize(("name", "words"), commands().items(), ids=commands())
def test_the_help_of_a_command_is_as_it_was(
    name: str,
    words: list[str],
    somebody: Person,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def draw(width: int, colour: bool) -> Done:  # noqa: FBT001 - as `hold` calls it
        monkeypatch.setenv("COLUMNS", str(width))
        somebody.width, somebody.colour = width, colour
        code = somebody.says(*words, "--help").code
        return Done(code, *map(plain, capsys.readouterr()))

    hold(f"help/{name}", draw)


def test_every_help_screen_has_a_command() -> None:
    assert {file.stem for file in (SCREENS / "help").iterdir()} == set(commands())


def test_every_command_draws_a_screen() -> None:
    """Besides its help; what `rehearse` draws is among its own tests."""
    drawn = {file.stem for folder in (".", "live", "said") for file in (SCREENS / folder).iterdir()}
    groups = {words[0] for words in commands().values() if len(words) > 1}
    assert commands().keys() - drawn - groups == {"vmss-rollout", "rehearse"}


def test_no_sentence_of_help_is_cut_off() -> None:
    for file in (SCREENS / "help").iterdir():
        for line in file.read_text(encoding="utf-8").splitlines():
            assert not line.removesuffix("[ARGS]...").endswith("..."), (file.name, line)
