"""Rolls whole rollouts in skipped time, and says what they came to in Azure: calls, and time.

Both are exact and the same in every run: they follow from the policy, from how long instances take
and from when the app looks. tests/performance/ holds them to bounds.
"""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests/support")]

import httpx
from story import NEW, PLATFORM, System

from local import system as local
from local.arm.model import Azure
from local.arm.model.deployment import Deployment
from local.arm.model.request_log import Served
from local.base.clock import ManualClock
from local.host.store import AsAzure
from rollout.plan import Policy

type Spec = dict[str, Any]

PATIENCE = 3600
"""Real seconds that a rollout may take, on a machine that has other things to do."""
TIGHTEST: Spec = {"maxBatchInstances": "100%", "health": {"interval": "PT1S", "stable": "PT0S"}}
"""As close as a policy may look: every update domain is a batch."""
DEFAULT: Spec = {}
AT_ONCE: Spec = {"upgradeDuration": "PT1S", "bootDuration": "PT0S", "modelUpdateDuration": "PT0S"}


def jittered(upgrade: float, boot: float) -> Spec:
    """Durations that lie on no grid: VMs differ by a tenth, ARM writes slowly and reads lag."""
    return {
        "upgradeDuration": f"PT{upgrade}S",
        "upgradeSpread": 0.1,
        "bootDuration": f"PT{boot}S",
        "modelUpdateDuration": "PT3S",
        "staleAfterAccept": "PT2S",
    }


def plain(upgrade: float, boot: float) -> Spec:
    """Durations that are the same for all VMs."""
    return {"upgradeDuration": f"PT{upgrade}S", "bootDuration": f"PT{boot}S"}


@dataclass(frozen=True)
class Case:
    """A scale set of so many instances and update domains, how long its VMs take, and a policy."""

    capacity: int
    domains: int
    takes: Spec
    policy: Spec = field(default_factory=lambda: DEFAULT)

    @property
    def spec(self) -> Spec:
        size = {"capacity": self.capacity, "updateDomains": self.domains, "pageSize": 100}
        return {**size, **self.takes}


CASES = {
    "10/2/1 s, default": Case(10, 2, AT_ONCE),
    "10/5/1 s, default": Case(10, 5, AT_ONCE),
    "100/5/1 s, default": Case(100, 5, AT_ONCE),
    "10/2/1 s, tightest": Case(10, 2, AT_ONCE, TIGHTEST),
    "10/5/1 s, tightest": Case(10, 5, AT_ONCE, TIGHTEST),
    "100/5/1 s, tightest": Case(100, 5, AT_ONCE, TIGHTEST),
    "10/2/60 s, default": Case(10, 2, jittered(60, 20)),
    "20/5/80 s, default": Case(20, 5, jittered(79, 17)),
    "20/5/240 s, default": Case(20, 5, jittered(235, 23)),
    "100/5/240 s, default": Case(100, 5, jittered(235, 23)),
    "100/5/240 s, default, alike": Case(100, 5, plain(240, 20)),
    "1,000/5/240 s, default": Case(1000, 5, jittered(235, 23)),
}
"""Instances/update domains/seconds of an upgrade; pages of 100."""


@dataclass(frozen=True)
class Rolled:
    """A rollout that has succeeded: what it asked of Azure, and how long it took."""

    view: Spec
    served: list[Served]
    deployments: list[Deployment]
    stable: timedelta

    @property
    def calls(self) -> int:
        return len(self.served)

    @property
    def wall(self) -> timedelta:
        began, ended = (datetime.fromisoformat(self.view[key]) for key in _BEGAN_AND_ENDED)
        return ended - began

    @property
    def floor(self) -> timedelta:
        """What its batches need, for one who sees at once when a batch is healthy: each from the
        first VM that goes down to the last that is healthy, and then as long as it must stay so.
        """
        ordered = sorted(self.deployments, key=_began)
        batches = [list(batch) for _, batch in groupby(ordered, key=_began)]
        spans = [max(each.ready for each in batch) - batch[0].start for batch in batches]
        return sum(spans, len(batches) * self.stable)

    @property
    def over_floor(self) -> float:
        return self.wall / self.floor


_BEGAN_AND_ENDED = ("startedAt", "finishedAt")


def _began(deployment: Deployment) -> datetime:
    return deployment.start


@contextmanager
def world(as_azure: AsAzure | None = None) -> Generator[tuple[System, Azure]]:
    """A whole system of its own, its clock moved by hand, with the new image published."""
    clock = ManualClock()
    with (
        TemporaryDirectory() as state,
        local.System(clock, Path(state), as_azure=as_azure) as one,
        httpx.Client(base_url=one.host.url, timeout=PATIENCE) as api,
        httpx.Client(base_url=one.arm_url, timeout=60) as azure,
    ):
        system = System(api, azure, clock, one.host)
        system.publish(**PLATFORM, version=NEW)
        yield system, one.azure


def rolled(case: Case, as_azure: AsAzure | None = None) -> Rolled:
    """Rolls such a scale set, in a system of its own. Raises AssertionError unless it succeeds
    without a violation of safety.
    """
    with world(as_azure) as (system, azure):
        scale_set = system.scale_set(**case.spec)
        answer = system.start(scale_set, policy=case.policy)
        assert answer.is_success, answer.text
        with system.host.skipping():
            system.host.wait_idle(PATIENCE)
        view = system.view(answer.json()["id"])
        assert view["phase"] == "Succeeded", view["message"]
        assert system.truth(scale_set)["violations"] == []
        return Rolled(view, azure.requests.all(), _deployments(azure), _stable(case.policy))


def _deployments(azure: Azure) -> list[Deployment]:
    return [
        deployment
        for truth in azure.truths()
        for instance in azure.scale_set(
            truth["id"].split("/")[2], truth["resourceGroup"], truth["name"]
        ).instances.values()
        for deployment in instance.deployments
        if deployment.is_upgrade
    ]


def _stable(policy: Spec) -> timedelta:
    return Policy.from_request(policy).health.stable
