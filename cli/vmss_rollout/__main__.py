"""The command of a process: `vmss-rollout`, or `python -m vmss_rollout`."""

import sys

from vmss_rollout.main import main
from vmss_rollout.session import Session


def run() -> None:
    session = Session.real()
    if COMPLETING in session.environ:
        from typer._completion_classes import completion_init

        completion_init()
    sys.exit(main(sys.argv[1:], session))


COMPLETING = "_VMSS_ROLLOUT_COMPLETE"
"""A shell sets it when it asks what could be typed next."""

if __name__ == "__main__":
    run()
