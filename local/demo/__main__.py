"""`python -m local.demo`: roll a new image across simulated instances, live in the terminal."""

import argparse
import logging
import sys
import tempfile
from pathlib import Path

import httpx
from rich.console import Console

from local.base import Parser, ScaledClock, interrupt_on_stop
from local.demo.calls import Refused
from local.demo.example import FAULTS, TARGET, Example
from local.demo.story import Demo
from local.host.app import AppError
from local.system import System
from vmss_rollout.terminal.show import console_on

SUCCEEDED, FAILED, INTERRUPTED = 0, 1, 130


def main(arguments: list[str] | None = None) -> int:
    """Run the demo; returns the exit code: 0 when the rollout succeeded and the truth agrees."""
    options = _options(arguments)
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s")
    # What the app tells Application Insights of its rollouts, the terminal shows already.
    logging.getLogger("rollout").setLevel(logging.CRITICAL)
    interrupt_on_stop()
    console = console_on(sys.stdout)
    try:
        why = _demo(options, console)
    except KeyboardInterrupt:
        console.print("\nInterrupted: everything is stopped, nothing is left behind.")
        return INTERRUPTED
    except (AppError, Refused, httpx.HTTPError) as error:
        why = str(error)
    if why is None:
        console.print("The demo succeeded; nothing is left running.", style="green")
        return SUCCEEDED
    console.print(f"The demo failed: {why}.", style="red")
    return FAILED


def _demo(options: argparse.Namespace, console: Console) -> str | None:
    example = Example(options.instances, options.domains, options.fault, options.alert)
    with (
        tempfile.TemporaryDirectory(prefix="vmss-rollout-demo-") as state,
        System(ScaledClock(options.speed), Path(state)) as system,
    ):
        console.print(
            f"Rolling {options.instances} simulated instances in {options.domains} update domains "
            f"to {TARGET.version}.\n"
            f"Time passes {options.speed:g} times faster. While this runs, the API is at\n"
            f"{system.api_url}\n"
        )
        return Demo(system, example, console).run()


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = Parser(prog="python -m local.demo", description=__doc__)
    parser.add_count("--instances", 20, 1000, "VMs in the scale set")
    parser.add_count("--domains", 5, 20, "update domains they are in")
    parser.add_speed(30)
    help_text = "rehearse what happens when this goes wrong"
    parser.add_argument("--fault", choices=list(FAULTS), help=help_text)
    help_text = "an alert fires in the second batch, and a gate hears of it"
    parser.add_argument("--alert", action="store_true", help=help_text)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
