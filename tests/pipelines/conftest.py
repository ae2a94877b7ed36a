from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import azure_agent
import github_runner
import pytest
from comments_api import Comments, commenting
from pipeline_run import Machine, Result
from story import NEW, OLD, PLATFORM, System, playing


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """One system for the tests of a file."""
    with playing(tmp_path_factory.mktemp("state")) as system:
        system.publish(**PLATFORM, version=OLD)
        system.publish(**PLATFORM, version=NEW)
        yield system


@pytest.fixture
def system(running: System) -> Iterator[System]:
    """The system, with no faults left over."""
    running.next_story()
    yield running
    running.azure.delete("/_sim/faults")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def comments() -> Iterator[Comments]:
    with commenting() as api:
        yield api


def _github(machine: Machine, inputs: dict[str, Any], api: str, pull_request: int) -> Result:
    given = {
        name.replace("_", "-"): str(value).lower() if isinstance(value, bool) else value
        for name, value in inputs.items()
    }
    return github_runner.play(machine, given, api=api, pull_request=pull_request)


def _azure(machine: Machine, inputs: dict[str, Any], api: str, pull_request: int) -> Result:
    names = {name: name.title().replace("_", "") for name in inputs}
    given = {names[name][0].lower() + names[name][1:]: value for name, value in inputs.items()}
    request = {"System.PullRequest.PullRequestId": str(pull_request)} if pull_request else {}
    variables = {"System.CollectionUri": f"{api or 'https://dev.azure.com/contoso'}/", **request}
    result = azure_agent.play(machine, given, variables=variables)
    result.outputs = {
        name.replace("exitCode", "exit-code"): value for name, value in result.outputs.items()
    }
    return result


SERVICES = {"GitHub Actions": _github, "Azure Pipelines": _azure}


@dataclass
class Pipeline:
    """A step of ours in a pipeline of either service, for the app of a system in which time is
    skipped; names of inputs are as in Python.
    """

    system: System
    machine: Machine
    _play: Callable[[Machine, dict[str, Any], str, int], Result]

    def __call__(
        self, *, api: str = "", pull_request: int = 0, skipping: bool = True, **inputs: Any
    ) -> Result:
        given = {"app": self.system.host.url, **inputs}
        with self.system.host.skipping() if skipping else nullcontext():
            result = self._play(self.machine, given, api, pull_request)
        assert not self.machine.pwned
        return result


@pytest.fixture(params=SERVICES)
def pipeline(system: System, machine: Machine, request: pytest.FixtureRequest) -> Pipeline:
    return Pipeline(system, machine, SERVICES[request.param])
