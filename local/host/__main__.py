"""`python -m local.host`: run an app on this machine, until Ctrl-C or SIGTERM."""

import argparse
import logging
import os
import signal
import sys
import threading
import traceback
from pathlib import Path

from local.host.app import AppError
from local.host.database import StateInUse, resume_clock
from local.host.host import Host
from local.host.routes import RouteError


def main() -> int:
    options = _options()
    stop = _told_to_stop()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        clock = resume_clock(options.state, options.speed)
        host = Host(options.app, options.state, clock, options.port).start()
    except (AppError, RouteError, StateInUse, ValueError, OSError) as error:
        if error.__cause__ is not None and isinstance(error, AppError):
            traceback.print_exception(error.__cause__)
        print(f"The local host did not start: {error}", file=sys.stderr)  # noqa: T201
        return 1
    print(  # noqa: T201 - the one line that says where it is
        f"Functions host on {host.url} (pid {os.getpid()}, app {options.app}, "
        f"state {options.state}, speed {options.speed:g})",
        flush=True,
    )
    stop.wait()
    host.stop()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.host", description=__doc__)
    parser.add_argument("--port", type=int, default=7071, help="on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--speed", type=float, default=1.0, help="time passes this much faster")
    parser.add_argument("--state", type=Path, required=True, help="directory of the state")
    parser.add_argument("--app", type=Path, default=Path(), help="directory of function_app.py")
    return parser.parse_args()


def _told_to_stop() -> threading.Event:
    """Set on Ctrl-C and SIGTERM, from now on: also while the host still starts."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    return stop


if __name__ == "__main__":
    sys.exit(main())
