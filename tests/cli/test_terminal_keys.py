"""Keys as they are pressed: on a terminal that gives them, and on one that has to be asked."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from answers import Answer, answering

from vmss_rollout.keyboard import key_of, polled

type Process = subprocess.Popen[bytes]

CLI = Path(__file__).parents[2] / "cli"
VIEW = {"id": "web-1", "phase": "Progressing", "message": "Batch 1 of 2", "verbs": ["abort"]}


class Typed:
    """A terminal of Windows: a key is there at a look, or "" if none is."""

    def __init__(self, *looks: str) -> None:
        self.looks = list(looks)
        self.waited = 0.0

    def pressed(self) -> bool:
        if self.looks and not self.looks[0]:
            self.looks.pop(0)
            return False
        return bool(self.looks)

    def read(self) -> str:
        return self.looks.pop(0)

    def wait(self, seconds: float) -> None:
        self.waited += seconds

    def within(self, seconds: float) -> str:
        return polled(seconds, self.pressed, self.read, self.wait)


def test_a_key_ends_the_wait() -> None:
    typed = Typed("", "", "a")
    assert typed.within(10) == "a"
    assert typed.waited == pytest.approx(0.1)


def test_without_a_key_it_waits_to_the_end() -> None:
    typed = Typed()
    assert typed.within(2) == ""
    assert typed.waited == pytest.approx(2)


def test_an_arrow_is_no_key_and_leaves_nothing_behind() -> None:
    typed = Typed("\xe0", "H", "p")
    assert typed.within(1) == ""
    assert typed.within(1) == "p"


def test_ctrl_c_is_heard_while_keys_are_read() -> None:
    with pytest.raises(KeyboardInterrupt):
        Typed("\x03").within(1)


@pytest.mark.parametrize(
    ("read", "key"),
    [("", ""), ("q", "q"), ("qqq", "q"), ("\x1b[A", ""), ("vmss-rollout skip web-1\n", "")],
)
def test_a_key_is_what_is_pressed_and_not_what_is_pasted(read: str, key: str) -> None:
    assert key_of(read) == key


ON_A_TERMINAL = "import os; os.login_tty(0); from vmss_rollout.__main__ import run; run()"


@contextmanager
def on_a_terminal(tmp_path: Path, url: str, *words: str) -> Generator[tuple[Process, int]]:
    """The command on a terminal of its own, and the other end of that."""
    ours, theirs = pty.openpty()
    environ = {
        "PYTHONPATH": str(CLI),
        "VMSS_ROLLOUT_CONFIG": str(tmp_path / "config.yaml"),
        "VMSS_ROLLOUT_APP": url,
        "TERM": "xterm",
    }
    command = [sys.executable, "-c", ON_A_TERMINAL, *words]
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, **environ}
    ) as process:
        os.close(theirs)
        try:
            yield process, ours
        finally:
            process.kill()
    os.close(ours)


def read_until(terminal: int, wanted: str, seconds: float = 30) -> str:
    """What the terminal shows, until that is there, it is closed, or nothing comes any more."""
    said, end = "", time.monotonic() + seconds
    while wanted not in said and time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                said += os.read(terminal, 4096).decode(errors="replace")
            except OSError:  # closed
                break
    return said


@pytest.mark.parametrize("key", [b"q", b"\x03"])
def test_a_key_on_a_real_terminal_leaves(tmp_path: Path, key: bytes) -> None:
    with (
        answering(Answer(200, VIEW)) as server,
        on_a_terminal(tmp_path, server.url, "watch", "web-1") as (process, terminal),
    ):
        assert "[x] abort" in read_until(terminal, "leave")
        os.write(terminal, key)
        said = read_until(terminal, "Come back: vmss-rollout watch web-1")
        assert process.wait(30) == 130
    assert "You have left; web-1 goes on in the app." in said


def test_what_is_pasted_for_the_shell_is_said_to_nobody(tmp_path: Path) -> None:
    with (
        answering(Answer(200, VIEW)) as server,
        on_a_terminal(tmp_path, server.url, "watch", "web-1") as (process, terminal),
    ):
        read_until(terminal, "leave")
        os.write(terminal, b"vmss-rollout extra\nx\n")
        looks = len(server.asked)
        while len(server.asked) == looks and process.poll() is None:
            read_until(terminal, "Why?", 0.1)
        os.write(terminal, b"q")
        read_until(terminal, "Come back")
        assert process.wait(30) == 130
        assert {method for method, *_ in server.asked} == {"GET"}


def test_a_terminal_that_is_not_in_front_is_not_asked_for_keys() -> None:
    """A job in the background would be stopped by the system."""
    ours, theirs = pty.openpty()
    code = "from vmss_rollout.keyboard import pause; print(repr(pause(0.01)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdin=theirs,
        env={**os.environ, "PYTHONPATH": str(CLI)},
        capture_output=True,
        text=True,
        check=True,
        start_new_session=True,
    )
    os.close(ours)
    os.close(theirs)
    assert done.stdout.strip() == "''"
