"""What the command has around it: where it writes, who is at the keyboard, time, environment."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from vmss_rollout import exits, keys
from vmss_rollout.account import account
from vmss_rollout.app_context import AppContext, Contexts, chosen
from vmss_rollout.command_error import CommandError
from vmss_rollout.keyboard import pause
from vmss_rollout.keys import Key, Keyring, Secrets

if TYPE_CHECKING:
    from vmss_rollout.client import Client

NAME = "vmss-rollout"
_WIDE = 200


@dataclass
class Session:
    """One call of the command. `pause` waits for so many seconds, or until a key is pressed, and
    says which ("" for none); `ask` asks the person at the keyboard, and is None without one.
    """

    environ: Mapping[str, str] = field(repr=False)
    """It may have a key in it."""
    file: Path
    out: Console
    err: Console
    secrets: Secrets
    now: Callable[[], datetime]
    pause: Callable[[float], str]
    ask: Callable[[str], str] | None
    account: Callable[[], str]
    secret: Callable[[str], str]
    """Asks for what nobody is to see."""
    option: str = ""
    """--app"""

    @classmethod
    def real(cls) -> "Session":
        """That of a process."""
        at_keyboard = sys.stdin.isatty() and sys.stdout.isatty()
        return cls(
            environ=os.environ,
            file=Path(os.environ.get("VMSS_ROLLOUT_CONFIG") or _config()),
            out=_console(stderr=False),
            err=_console(stderr=True),
            secrets=Keyring(),
            now=lambda: datetime.now(UTC),
            pause=pause if at_keyboard else _sleep,
            ask=input if at_keyboard else None,
            account=lambda: account(os.environ, Path.home()),
            secret=getpass if at_keyboard else lambda _: sys.stdin.readline(),
        )

    @cached_property
    def contexts(self) -> Contexts:
        return Contexts.read(self.file)

    @cached_property
    def app(self) -> AppContext:
        return chosen(self.option, self.environ, self.contexts)

    @cached_property
    def key(self) -> Key:
        return keys.found(self.app, self.option, self.environ, self.secrets)

    @cached_property
    def client(self) -> "Client":
        from vmss_rollout.client import Client
        from vmss_rollout.sign_in import token

        if self.key.trouble and not self.app.scope:
            self.err.print(self.key.trouble, style="yellow")
        signed_in = token(self.app.scope) if self.app.scope else None
        return Client(self.app, self.key.value, signed_in, self.pause)

    def close(self) -> None:
        """End its connections, if there are any."""
        if "client" in self.__dict__:
            self.client.close()

    def by(self, typed: str) -> str:
        """Who says it: as typed, else who is signed in at Azure's command line, else the user of
        this machine. Where the app asks for a token, the name in it counts.
        """
        return typed or self.environ.get("VMSS_ROLLOUT_BY", "") or self.account()

    def raw(self, written: str) -> None:
        """Write text as it is: rich would wrap and colour it."""
        print(written, file=self.out.file, flush=True)

    def say(self, sentence: str, style: str = "") -> None:
        self.out.print(sentence, style=style or None)

    def agreed(self, question: str, *, yes: bool) -> bool:
        """Whether the person at the keyboard wants it; without one, who called has decided."""
        if yes or self.ask is None:
            return True
        try:
            answer = self.ask(f"{question} [y/N] ")
        except EOFError:
            return False
        except KeyboardInterrupt as interrupt:
            said = "Interrupted: nothing was sent."
            raise CommandError(said, code=exits.INTERRUPTED) from interrupt
        return answer.strip().lower() in {"y", "yes"}


def session_of(context: typer.Context) -> Session:
    """The session that a command was called in."""
    session = context.obj
    assert isinstance(session, Session)  # noqa: S101 - main gives it
    return session


def _config() -> Path:
    return Path(typer.get_app_dir(NAME)) / "config.yaml"


def _sleep(seconds: float) -> str:
    time.sleep(seconds)
    return ""


def _console(*, stderr: bool) -> Console:
    """Without control codes where it is no terminal; lines are not broken there, either."""
    file = sys.stderr if stderr else sys.stdout
    terminal = file.isatty()
    width = None if terminal or "COLUMNS" in os.environ else _WIDE
    return Console(
        file=file, force_terminal=terminal, width=width, highlight=False, markup=False, emoji=False
    )
