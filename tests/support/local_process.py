"""`python -m local` as a process, as somebody starts it."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from background import as_background_job

ROOT = Path(__file__).parents[2]
LAST_LINE = "make local FRESH=1"


@dataclass
class Local:
    process: subprocess.Popen[str]
    said: str
    """Everything until it was up."""

    @property
    def api(self) -> str:
        return found(r"API +(http://127\.0\.0\.1:\d+/api)$", self.said)

    @property
    def azure(self) -> str:
        return found(r"Simulated Azure +(http://127\.0\.0\.1:\d+)/ ", self.said)


@contextmanager
def run(*options: str, cwd: Path = ROOT) -> Generator[Local]:
    """Up, and ended by SIGTERM if it was not before."""
    with as_background_job():
        started = subprocess.Popen(
            [sys.executable, "-m", "local", *options],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    with started as process:
        assert process.stdout is not None
        said: list[str] = []
        for line in process.stdout:
            said.append(line)
            if line.startswith(LAST_LINE):
                break
        try:
            yield Local(process, "".join(said))
        finally:
            process.terminate()


def free_ports() -> tuple[str, str, str, str]:
    """Options with two ports that nobody uses, the second the one after the first."""
    while True:
        with ExitStack() as sockets, socket.socket() as first:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                sockets.enter_context(socket.socket()).bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return "--port", str(port), "--arm-port", str(port + 1)


def found(pattern: str, said: str) -> str:
    match = re.search(pattern, said, re.MULTILINE)
    assert match, said
    return match[1]
