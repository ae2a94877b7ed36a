"""`python -m local.arm`: the simulated Azure alone, until Ctrl-C or SIGTERM."""

import argparse
import sys

from local.arm.example import add_example_fleet
from local.arm.http import create_app
from local.arm.model import Azure
from local.base import Parser, ScaledClock, Server, stop_requested


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped; returns the exit code."""
    options = _options(arguments)
    stopped = stop_requested()
    azure = Azure(ScaledClock(options.speed))
    if not options.empty:
        add_example_fleet(azure)
    try:
        server = Server(create_app(azure), options.port, dated=False)
    except OSError as error:
        sys.stderr.write(f"The simulated Azure cannot start: {error.strerror}.\n")
        return 2
    with server:
        sys.stdout.write(f"Simulated Azure at {server.url}, time x{options.speed:g}\n")
        sys.stdout.flush()
        stopped.wait()
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = Parser(prog="python -m local.arm", description=__doc__)
    parser.add_port("--port", 7072)
    parser.add_speed(1)
    parser.add_argument("--empty", action="store_true", help="without the example fleet")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
