"""`python -m local`: the whole system on this machine, until Ctrl-C or SIGTERM."""

import argparse
import logging
import sys
from pathlib import Path

from local.arm.example import add_example_fleet
from local.base import Parser, stop_requested
from local.greeting import greeting, stop_message
from local.host.app import AppError, add_worker_process
from local.host.store import AsAzure, StateInUse, StateUnreadable, resume_clock
from local.system import System

ENDED, BROKEN, NOT_STARTED = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped; returns the exit code."""
    options = _options(arguments)
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s")
    stopped = stop_requested()
    try:
        clock = resume_clock(options.state, options.speed)
        as_azure = options.as_azure and AsAzure.everything(options.as_azure)
        ports = {"port": options.port, "arm_port": options.arm_port}
        system = System(clock, options.state, **ports, as_azure=as_azure, load=options.load)
        # Before the start: a rollout that was under way goes on at once, and looks for its fleet.
        scale_sets = [] if options.empty else add_example_fleet(system.azure)
        system.start()
    except (AppError, StateInUse, StateUnreadable, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        sys.stderr.write(f"The local system cannot start: {reason}.\n")
        return NOT_STARTED
    try:
        sys.stdout.write(greeting(system, scale_sets, options.state))
        sys.stdout.flush()
        if crash := system.host.serve_until(stopped):
            sys.stderr.write(
                f"The local system has stopped: {crash}. Start it again: it goes on.\n"
            )
            return BROKEN
        rollouts = system.open_rollouts()
    finally:
        system.stop()
    # Not to stdout: what that is piped into has been stopped by the same Ctrl-C.
    sys.stderr.write(stop_message(rollouts))
    return ENDED


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = Parser(prog="python -m local", description=__doc__)
    parser.add_port("--port", 7071)
    parser.add_port("--arm-port", 7072)
    parser.add_speed(60)
    parser.add_directory("--state", Path(".local"))
    parser.add_seed("--as-azure", "late, doubled and lost messages as in Azure, drawn from a seed")
    add_worker_process(parser)
    parser.add_argument("--empty", action="store_true", help="without the example fleet")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
