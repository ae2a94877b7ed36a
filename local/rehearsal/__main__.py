"""`python -m local.rehearsal`: an order comes in, JSON lines go out."""

import json
import logging
import os
import shutil
import signal
import sys
import threading
from pathlib import Path

from pydantic import ValidationError

from local.arm.base import ArmError, Json
from local.base import ManualClock
from local.host.app import AppError
from local.rehearsal.order import Order
from local.rehearsal.rehearsal import Rehearsal
from local.system import System

DONE, FAILED = 0, 1


def main() -> int:
    """Rehearse what the first line of standard input says; returns the exit code."""
    # Ctrl-C is for the one who called: it closes standard input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable(logging.CRITICAL)
    try:
        order = Order.from_json(json.loads(sys.stdin.readline()))
        threading.Thread(target=_end_with_input, args=[order.state], daemon=True).start()
        clock = ManualClock(order.begins)
        with System(clock, order.state) as system:
            _say({"report": Rehearsal(order, system, _tell).run()})
    except (ArmError, AppError, ValidationError, ValueError, RuntimeError, OSError) as error:
        _say({"error": _reason(error)})
        return FAILED
    return DONE


def _end_with_input(state: Path) -> None:
    """End at once, and leave nothing, when whoever called is gone or has had enough."""
    sys.stdin.read()
    shutil.rmtree(state, ignore_errors=True)
    os._exit(FAILED)


def _tell(view: Json) -> None:
    _say({"progress": view})


def _say(document: Json) -> None:
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()
        )
    return str(error) or type(error).__name__


if __name__ == "__main__":
    sys.exit(main())
