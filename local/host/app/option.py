"""The option that says where the app runs."""

import argparse

from local.host.app.app import App
from local.host.app.app_process import AppProcess


def add_worker_process(parser: argparse.ArgumentParser) -> None:
    """As `load`: what loads the app, into this process or into one of its own."""
    parser.add_argument(
        "--worker-process",
        dest="load",
        action="store_const",
        const=AppProcess,
        default=App,
        help="run the app in a process of its own, which can die",
    )
