"""`python -m local.arm`: the simulated Azure alone, until Ctrl-C or SIGTERM."""

import argparse
import signal
import sys
import threading

from local.arm.app import create_app
from local.arm.example import add_example_fleet
from local.arm.model.azure import Azure
from local.clock import ScaledClock
from local.server import Server


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to end; answers the exit code."""
    options = _options(arguments)
    azure = Azure(ScaledClock(options.speed))
    if not options.empty:
        add_example_fleet(azure)
    try:
        server = Server(create_app(azure), options.port)
    except OSError as error:
        sys.stderr.write(f"The simulated Azure cannot start: {error.strerror}.\n")
        return 2
    with server:
        sys.stdout.write(f"Simulated Azure at {server.url}, time x{options.speed:g}\n")
        sys.stdout.flush()
        _wait_for_the_end()
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.arm", description=__doc__)
    parser.add_argument("--port", type=int, default=7072, help="0 takes a free one")
    parser.add_argument("--speed", type=_speed, default=1, help="how much faster time passes")
    parser.add_argument("--empty", action="store_true", help="without the example fleet")
    return parser.parse_args(arguments)


def _speed(text: str) -> float:
    speed = float(text)
    if speed <= 0:
        raise argparse.ArgumentTypeError("must be above 0")
    return speed


def _wait_for_the_end() -> None:
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: ended.set())
    ended.wait()


if __name__ == "__main__":
    sys.exit(main())
