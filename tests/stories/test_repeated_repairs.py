"""Azure may deliver an activity a second time, when the rollout wants the opposite by then."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from rehearsal import Rehearsal, simulated_azure

from local.arm.model.azure import Azure
from local.host.store import AsAzure
from rollout.batch import RepairsState, SetRepairs
from rollout.run import SuspendedRepairs, Verb

NEW = "14.04.201507060"
POLICY = {"approval": "none", "pauseBetweenBatches": "PT0S"}
ALL_TWICE = 1.0
SUSPENDED, RUNNING = RepairsState.SUSPENDED, RepairsState.RUNNING
SCALE_SET = (
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/w"
)


@pytest.fixture(scope="module")
def azure() -> Iterator[Azure]:
    with simulated_azure(NEW) as one:
        yield one


def story(azure: Azure, name: str, seed: int) -> Rehearsal:
    spec = {"name": name, "capacity": 4, "automaticRepairs": True, "health": "application"}
    request = {"image": {"version": NEW}, "policy": POLICY}
    return Rehearsal(azure, spec, request, AsAzure(str(seed), late=1.0, doubled=ALL_TWICE))


@pytest.mark.parametrize("seed", range(12))
def test_a_second_suspend_after_the_resume_does_nothing(azure: Azure, seed: int) -> None:
    aborted = story(azure, f"aborted{seed}", seed)
    aborted.pass_time(timedelta(seconds=45))
    aborted.tell(Verb.ABORT)
    aborted.finish()
    aborted.pass_time(timedelta(minutes=10))
    assert aborted.truth()["automaticRepairs"] == "Running"


def ordered(state: RepairsState, since: datetime) -> SetRepairs:
    return SetRepairs.from_json(
        {"scaleSet": SCALE_SET, "state": state, "owner": "r", "since": since.isoformat()}
    )


def test_only_the_last_order_stands() -> None:
    first, again = (datetime(2026, 1, 1, hour, tzinfo=UTC) for hour in (1, 2))
    suspend, resume = (ordered(state, first) for state in (SUSPENDED, RUNNING))
    shown = SuspendedRepairs(since=first)
    assert (shown.wants(suspend), shown.wants(resume)) == (True, False)
    resuming = shown.being_resumed()
    assert (resuming.wants(suspend), resuming.wants(resume)) == (False, True)
    later = SuspendedRepairs(since=again)
    assert (later.wants(suspend), later.wants(resume)) == (False, False)
    kept = resuming.because("Azure does not answer")
    assert (kept.wants(suspend), kept.wants(resume)) == (True, False)
