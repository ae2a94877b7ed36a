"""`python -m local`: the whole system on this machine, until Ctrl-C or SIGTERM."""

import argparse
import logging
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

from local.arm.example import add_example_fleet
from local.arm.store import Store
from local.base import (
    Parser,
    StateInUse,
    StateUnreadable,
    forget_state,
    kept_beside,
    stop_requested,
)
from local.greeting import greeting, stop_message
from local.host.app import AppError, add_worker_process
from local.host.store import AsAzure, resume_clock
from local.system import System

ENDED, BROKEN, NOT_STARTED = 0, 1, 2
_PORT = 7071
_FILES = ("azure.db", "host.db")


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped; returns the exit code."""
    options = _options(arguments)
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s")
    stopped = stop_requested()
    with ExitStack() as exits:
        try:
            system = _start(options, exits)
        except (AppError, StateInUse, StateUnreadable, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            sys.stderr.write(f"The local system cannot start: {reason}.\n")
            return NOT_STARTED
        code, last = _serve(system, options.state, stopped)
    # Not to stdout: what that is piped into has been stopped by the same Ctrl-C.
    sys.stderr.write(last)
    return code


def _start(options: argparse.Namespace, exits: ExitStack) -> System:
    """Everything as it was left, or anew. `exits` stops it."""
    if options.fresh:
        for name in _FILES:
            forget_state(options.state / name)
    store = exits.enter_context(Store(options.state))
    clock = resume_clock(options.state, options.speed, store.now)
    azure = store.azure(clock)
    # Before the start: a rollout that was under way goes on at once, and looks for its fleet.
    if store.is_new and not options.empty:
        add_example_fleet(azure)
    system = System(
        clock,
        options.state,
        options.port,
        options.arm_port,
        azure=azure,
        as_azure=options.as_azure and AsAzure.everything(options.as_azure),
        load=options.load,
    )
    # What it takes to load the app is no time in which nobody has looked at a rollout.
    with clock.held():
        return exits.enter_context(system)


def _serve(system: System, state: Path, stopped: threading.Event) -> tuple[int, str]:
    """Serve until stopped, or broken: the exit code, and what there is to say at the end."""
    sys.stdout.write(greeting(system, state))
    sys.stdout.flush()
    if crash := system.host.serve_until(stopped):
        return BROKEN, f"The local system has stopped: {crash}. Start it again: it goes on.\n"
    return ENDED, stop_message(system.open_rollouts())


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = Parser(prog="python -m local", description=__doc__)
    parser.add_port("--port", _PORT)
    parser.add_port("--arm-port", None, "the one after --port")
    parser.add_speed(60)
    parser.add_kept()
    parser.add_seed("--as-azure", "late, doubled and lost messages as in Azure, drawn from a seed")
    add_worker_process(parser)
    return _completed(parser.parse_args(arguments))


def _completed(options: argparse.Namespace) -> argparse.Namespace:
    """What follows from the port, so that several can run side by side."""
    if options.arm_port is None:
        options.arm_port = options.port and options.port + 1
    options.state = kept_beside(options, _PORT)
    return options


if __name__ == "__main__":
    sys.exit(main())
