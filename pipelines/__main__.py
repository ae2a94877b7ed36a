"""A step of a pipeline, as a process: everything it is told comes from the environment, and nothing
from a command line.
"""

import os
import signal
import sys

from pipelines.azure_pipelines import AzurePipelines
from pipelines.command import Command
from pipelines.github_actions import GithubActions
from pipelines.inputs import InputError, Inputs
from pipelines.service import Service
from pipelines.step import Step


def main() -> int:
    """Do what the inputs say; returns the exit code of docs/cli.md."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    environ = dict(os.environ)
    service: Service = AzurePipelines(environ) if "TF_BUILD" in environ else GithubActions(environ)
    try:
        inputs = Inputs.read(environ)
    except InputError as error:
        service.error(str(error))
        return error.code
    return Step(inputs, Command(environ, inputs, service.line), service).run()


if __name__ == "__main__":
    sys.exit(main())
