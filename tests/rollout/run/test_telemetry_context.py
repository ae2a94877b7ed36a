"""Where a rollout stands, from its event log alone."""

from typing import Any

import pytest

from rollout.base import EventKind, Phase
from rollout.run import TelemetryContext

SET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/web"


def event(kind: str, minute: int = 0, **evidence: Any) -> dict[str, Any]:
    at = f"2026-01-01T00:{minute:02}:00Z"
    return {"at": at, "kind": kind, "message": "…", "evidence": evidence}


STARTED = event("started", request={"scaleSet": SET})


def test_it_is_known_which_scale_set_and_which_batch_an_event_is_about() -> None:
    standing = TelemetryContext().after([STARTED, event("batchStarted", 1, number=1)])
    assert (standing.scale_set, standing.batch, standing.phase) == (SET, 1, Phase.PROGRESSING)
    later = standing.then(event("upgradeSent", 2)).then(event("batchStarted", 5, number=2))
    assert later.batch == 2
    assert later.batch_seconds(event("batchFinished", 9)) == 240


@pytest.mark.parametrize(
    ("kinds", "phase"),
    [
        ([], Phase.PROGRESSING),
        (["paused"], Phase.PAUSED),
        (["paused", "resumed"], Phase.PROGRESSING),
        (["approvalAsked"], Phase.AWAITING_APPROVAL),
        (["approvalAsked", "approved"], Phase.PROGRESSING),
        (["paused", "retryRequested"], Phase.PROGRESSING),
        (["paused", "rollbackRequested", "rollingBack"], Phase.ROLLING_BACK),
        (["brokenOff"], Phase.FAILED),
        (["waiting"], Phase.PROGRESSING),
    ],
)
def test_the_phase_follows_the_events(kinds: list[str], phase: Phase) -> None:
    assert TelemetryContext().after([STARTED, *map(event, kinds)]).phase is phase


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase.ended])
def test_the_last_event_says_how_it_ended(phase: Phase) -> None:
    assert TelemetryContext().after([STARTED, event("finished", phase=phase.value)]).phase is phase


def test_nothing_that_is_not_known_is_in_the_way() -> None:
    assert TelemetryContext().after(
        [event("started"), event("somethingNew"), event("finished")]
    ) == (TelemetryContext(phase=Phase.PROGRESSING))
    assert TelemetryContext().batch_seconds(event("batchFinished")) is None


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_of_event_can_follow(kind: EventKind) -> None:
    assert TelemetryContext().after([STARTED]).then(event(kind)).scale_set in {SET, ""}
