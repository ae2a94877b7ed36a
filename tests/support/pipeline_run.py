"""What the players of both pipeline services share: the machine that steps run on."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOSTILE = [
    'x"; touch PWNED; "',
    "1.0\n::error::mine\n##vso[task.setvariable variable=phase]mine\ntouch PWNED",
    "$(touch PWNED)",
    "`touch PWNED`",
    "--app=http://127.0.0.1:9",
    "%0A::error::mine",
    "${{ github.token }}",
]
"""Images and names as somebody would write them who wants to run a command of their own."""

_FAST = f"""#!{sys.executable}
import sys, time
sys.path.insert(0, {str(ROOT / "cli")!r})
from vmss_rollout import session
session._sleep = lambda seconds: time.sleep(seconds / 100) or ""
from vmss_rollout.__main__ import run
run()
"""
"""The command, which waits a hundredth of the time that it would wait."""


@dataclass
class Result:
    """How a run of steps ended, and what the service has been told."""

    code: int = 0
    log: list[str] = field(default_factory=list[str])
    outputs: dict[str, str] = field(default_factory=dict[str, str])
    errors: list[str] = field(default_factory=list[str])
    warnings: list[str] = field(default_factory=list[str])
    summaries: list[str] = field(default_factory=list[str])

    @property
    def summary(self) -> str:
        return "\n".join(self.summaries)


@dataclass
class Machine:
    """An empty folder with the command, and nothing else of ours, on the path."""

    folder: Path
    on_line: Callable[[str], None] = lambda _: None
    """Gets each line that a step writes, as it comes."""
    installed: bool = True

    def __post_init__(self) -> None:
        for name in ("bin", "work", "temp", "home"):
            (self.folder / name).mkdir(exist_ok=True)
        if self.installed:
            self.add("vmss-rollout", _FAST)
        # The Python of the machine, which has nothing of ours.
        self.add("python3", f'#!/bin/sh\nexec {sys.executable} "$@"\n')

    def add(self, name: str, script: str) -> None:
        """Put a program on the path."""
        file = self.folder / "bin" / name
        file.write_text(script)
        file.chmod(0o755)

    @property
    def work(self) -> Path:
        """Where the repository of the pipeline is checked out."""
        return self.folder / "work"

    @property
    def pwned(self) -> bool:
        """Whether a hostile input has run a command."""
        return any(self.folder.rglob("PWNED"))

    def bash(self, script: str, env: Mapping[str, str]) -> tuple[int, list[str]]:
        """Run the script of a step as both services do: in a file of its own."""
        file = self.folder / "temp" / "step.sh"
        file.write_text(script)
        path = f"{self.folder / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin"
        with subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(file)],
            cwd=self.work,
            env={"PATH": path, "HOME": str(self.folder / "home"), "LANG": "C.UTF-8", **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as self.process:
            assert self.process.stdout is not None
            lines: list[str] = []
            for line in self.process.stdout:
                lines.append(line.rstrip("\n"))
                self.on_line(lines[-1])
        return self.process.returncode, lines

    def cancel(self) -> None:
        """Tell the step that runs, and only its entry process, to end."""
        threading.Thread(target=self.process.send_signal, args=[signal.SIGINT]).start()


def filled(text: str, expression: str, value: Callable[[str], str]) -> str:
    """The text with each expression of that pattern replaced by what it means."""
    return re.sub(expression, lambda found: value(found[1].strip()), text)
