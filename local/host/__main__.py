"""`python -m local.host`: run an app on this machine, until Ctrl-C or SIGTERM."""

import argparse
import logging
import os
import sys
import traceback
from pathlib import Path

from local.base import Parser, StateInUse, StateUnreadable, stop_requested
from local.host.app import AppError, add_worker_process
from local.host.host import Host
from local.host.http import RouteError
from local.host.store import AsAzure, resume_clock


def main() -> int:
    options = _options()
    stopped = stop_requested()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        clock = resume_clock(options.state, options.speed)
        as_azure = options.as_azure and AsAzure.everything(options.as_azure)
        host = Host(
            options.app, options.state, clock, options.port, as_azure=as_azure, load=options.load
        ).start()
    except (AppError, RouteError, StateInUse, StateUnreadable, ValueError, OSError) as error:
        if error.__cause__ is not None and isinstance(error, AppError):
            traceback.print_exception(error.__cause__)
        print(f"The local host did not start: {error}", file=sys.stderr)  # noqa: T201
        return 1
    print(  # noqa: T201 - the one line that says where it is
        f"Functions host on {host.url} (pid {os.getpid()}, app {options.app}, "
        f"state {options.state}, speed {options.speed:g})",
        flush=True,
    )
    crash = host.serve_until(stopped)
    host.stop()
    if crash is None:
        return 0
    print(  # noqa: T201
        f"The local host has stopped: {crash}. Start it again: it goes on", file=sys.stderr
    )
    return 1


def _options() -> argparse.Namespace:
    parser = Parser(prog="python -m local.host", description=__doc__)
    parser.add_port("--port", 7071)
    parser.add_speed(1)
    parser.add_directory("--state", Path(".local"))
    parser.add_seed("--as-azure", "late, doubled and lost messages as in Azure, drawn from a seed")
    add_worker_process(parser)
    parser.add_argument(
        "--app", type=Path, default=Path(), help="directory of function_app.py (default: .)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
