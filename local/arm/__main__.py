"""`python -m local.arm`: the simulated Azure alone, until Ctrl-C or SIGTERM."""

import argparse
import sys
from contextlib import ExitStack

from local.arm.example import add_example_fleet
from local.arm.http import create_app
from local.arm.model import Azure
from local.arm.store import FILE, Store
from local.base import (
    Parser,
    ScaledClock,
    Server,
    StateInUse,
    StateUnreadable,
    forget_state,
    kept_beside,
    stop_requested,
)

_PORT = 7072


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped; returns the exit code."""
    options = _options(arguments)
    stopped = stop_requested()
    with ExitStack() as exits:
        try:
            azure = _azure(options, exits)
            server = exits.enter_context(Server(create_app(azure), options.port, dated=False))
        except (StateInUse, StateUnreadable, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            sys.stderr.write(f"The simulated Azure cannot start: {reason}.\n")
            return 2
        kept = f"kept in {options.state}"
        sys.stdout.write(f"Simulated Azure at {server.url}, time x{options.speed:g}, {kept}\n")
        sys.stdout.flush()
        stopped.wait()
    sys.stderr.write("Stopped. Started again, everything is as it was left.\n")
    return 0


def _azure(options: argparse.Namespace, exits: ExitStack) -> Azure:
    """As it was left, or anew."""
    if options.fresh:
        forget_state(options.state / FILE)
    store = exits.enter_context(Store(options.state))
    now = ScaledClock().now()
    azure = store.azure(ScaledClock(options.speed, max(now, store.now or now)))
    if store.is_new and not options.empty:
        add_example_fleet(azure)
    return azure


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = Parser(prog="python -m local.arm", description=__doc__)
    parser.add_port("--port", _PORT)
    parser.add_speed(1)
    parser.add_kept()
    options = parser.parse_args(arguments)
    options.state = kept_beside(options, _PORT)
    return options


if __name__ == "__main__":
    sys.exit(main())
