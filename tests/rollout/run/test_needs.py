"""Whether a rollout needs people, and what for."""

from datetime import timedelta

import pytest
from builders import START, inventory, planned, request, spread

from rollout.base import Phase
from rollout.run import RolloutSummary, RolloutView, SuspendedRepairs, Verb, Waits, need_of
from rollout.run.needs import superseded_in

LATER = START + timedelta(hours=12)


def view(phase: Phase, *verbs: Verb, **fields: object) -> RolloutView:
    said = {"phase": phase, "message": "why", "verbs": list(verbs), **fields}
    return planned(inventory(spread(2))).view(START).model_copy(update=said)


@pytest.mark.parametrize(
    ("shown", "what"),
    [
        (view(Phase.AWAITING_APPROVAL, Verb.APPROVE), "approval"),
        (view(Phase.PAUSED, Verb.RETRY, Verb.SKIP), "decision"),
        (view(Phase.PAUSED, Verb.RESUME), "resume"),
        (view(Phase.PAUSED, Verb.RETRY, Verb.ABORT), "brokenOff"),
        (view(Phase.PROGRESSING, standing_still_since=START), "standingStill"),
        (view(Phase.FAILED), "failed"),
        (view(Phase.FAILED, rollback_incomplete=True), "rollbackIncomplete"),
        (view(Phase.SUCCEEDED, repairs=SuspendedRepairs(since=START)), "repairsSuspended"),
        (view(Phase.PROGRESSING, repairs=SuspendedRepairs(since=START)), None),
        (view(Phase.PENDING), None),
        (view(Phase.ROLLING_BACK), None),
        (view(Phase.ABORTED), None),
        (view(Phase.SUCCEEDED), None),
    ],
)
def test_what_it_needs_people_for(shown: RolloutView, what: str | None) -> None:
    need = need_of(shown, shown.repairs)
    assert (need.what if need else None) == what


def test_it_says_since_when_and_until_when() -> None:
    waits = Waits(since=START, until=LATER)
    need = need_of(view(Phase.AWAITING_APPROVAL, waits=waits))
    assert need
    assert (need.since, need.until, need.sentence) == (START, LATER, "why")
    older = need_of(view(Phase.PAUSED, Verb.RESUME, updated_at=START))
    assert older
    assert (older.since, older.until) == (START, None)


def test_a_later_rollout_of_the_scale_set_takes_care_of_what_failed_but_not_of_repairs() -> None:
    repairs = SuspendedRepairs(since=START)
    failed = view(Phase.FAILED)
    assert need_of(failed, superseded=True) is None
    left = need_of(failed, repairs, superseded=True)
    assert left
    assert left.what == "repairsSuspended"


def test_only_one_that_has_begun_takes_care_of_an_earlier_one() -> None:
    old = RolloutSummary.of(view(Phase.FAILED, id="old"))
    waiting = RolloutSummary.of(RolloutView.waiting("new", request()))
    assert superseded_in([waiting, old]) == set()
    begun = waiting.model_copy(update={"started_at": START})
    assert superseded_in([begun, old]) == {"old"}
    other = old.model_copy(update={"scale_set": old.scale_set.__class__("s", "other", "set")})
    assert superseded_in([begun, other]) == set()
