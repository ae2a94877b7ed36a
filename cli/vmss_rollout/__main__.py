"""The command of a process: `vmss-rollout`, or `python -m vmss_rollout`."""

import signal
import sys
from io import TextIOWrapper

from vmss_rollout import exits

COMPLETING = "_VMSS_ROLLOUT_COMPLETE"
"""A shell sets it when it asks what could be typed next."""


def run() -> None:
    """Whoever stops it, at any moment, reads a sentence; a pipeline stops it with SIGTERM."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # not every terminal has the letters for a mark
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
        code = _called()
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted. Rollouts go on in the app.\n")
        code = exits.INTERRUPTED
    sys.exit(code)


def _called() -> int:
    from vmss_rollout.main import main
    from vmss_rollout.session import Session

    session = Session.real()
    if COMPLETING in session.environ:
        from typer._completion_classes import completion_init

        completion_init()
    return main(sys.argv[1:], session)


if __name__ == "__main__":
    run()
