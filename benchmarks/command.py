"""What `vmss-rollout --help` costs beyond importing what it is made of, as CPU time of processes.

In one run, and as a ratio: the figures of a busy machine say little.
"""

import os
import subprocess
import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

CLI = Path(__file__).parents[1] / "cli"
TIMES = 7
MOST = 2.0
"""How many times the CPU of importing typer and rich the help may cost."""
BARE = "import typer, rich.console, rich.table, rich.live"
HELP = "import sys; sys.argv[1:] = ['--help']; from vmss_rollout.__main__ import run; run()"


def main() -> int:
    _cost(HELP)  # what is compiled is compiled now
    bare, helped = (min(_cost(code) for _ in range(TIMES)) for code in (BARE, HELP))
    ratio = helped / bare
    print(
        "| the command | typer and rich, ms | --help, ms | ratio | at most |\n|---|---|---|---|---|"
    )
    print(f"| CPU | {1000 * bare:.0f} | {1000 * helped:.0f} | {ratio:.2f} | {MOST} |")
    return int(ratio > MOST)


def _cost(code: str) -> float:
    """Seconds of CPU that a process takes for it."""
    before = _spent()
    environ = {**os.environ, "PYTHONPATH": str(CLI)}
    command = [sys.executable, "-c", code]
    subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, check=True)  # noqa: S603
    return _spent() - before


def _spent() -> float:
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
