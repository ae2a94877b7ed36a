"""Hypothesis plays operator, Azure and colleague: what must hold of any story, at every moment.

Hundreds of stories, in skipped time: the real orchestrators and activities through the real SDK
against the simulated Azure, without a host (tests/support/playback.py). `make nightly` plays more.
"""

import itertools
import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import verdict
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from rehearsal import Rehearsal, simulated_azure
from scenario import faults, policies, specs

from local.arm.model.azure import Azure
from rollout.phase import Verb

type Json = dict[str, Any]

STORIES = int(os.environ.get("RANDOM_STORIES", "48"))
NIGHTLY = "RANDOM_STORIES" in os.environ
NEW = "14.04.201507060"
CASES = [
    (failure, kind) for failure in ("rollback", "pause", "stop") for kind in ("Uniform", "Flexible")
]
names = (f"set{number}" for number in itertools.count())


@pytest.fixture(scope="module")
def azure() -> Iterator[Azure]:
    with simulated_azure(NEW) as one:
        yield one


@pytest.mark.timeout(0)
@pytest.mark.parametrize("part", range(2))
@pytest.mark.parametrize(("failure", "kind"), CASES)
def test_whatever_happens(azure: Azure, failure: str, kind: str, part: int) -> None:
    class Story(AnyStory):
        pass

    Story.azure, Story.failure, Story.kind, Story.part = azure, failure, kind, part
    Story.__qualname__ = f"Story_{failure}_{kind}_{part}"
    run_state_machine_as_test(
        Story,
        settings=settings(
            max_examples=STORIES // (2 * len(CASES)),
            stateful_step_count=10,
            deadline=None,
            derandomize=not NIGHTLY,
            database=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


class AnyStory(RuleBasedStateMachine):
    """One rollout; whatever is said and done while it is on its way."""

    azure: Azure
    failure: str
    kind: str
    part: int
    story: Rehearsal

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        spec = {"name": next(names), **data.draw(specs(self.kind))}
        policy = {**data.draw(policies()), "onFailure": self.failure}
        note(f"{spec} {policy}")
        self.story = Rehearsal(self.azure, spec, {"image": {"version": NEW}, "policy": policy})

    @rule(minutes=st.integers(1, 6))
    def time_passes(self, minutes: int) -> None:
        self.story.pass_time(timedelta(minutes=minutes))

    @precondition(lambda self: not self.story.run.done.complete)
    @rule(verb=st.sampled_from(Verb))
    def an_operator_says(self, verb: Verb) -> None:
        self.story.tell(verb)

    @rule(fault=faults(NEW))
    def something_breaks(self, fault: Json) -> None:
        self.story.fault(fault)

    @rule()
    def it_is_mended(self) -> None:
        self.azure.clear_faults()

    @invariant()
    def is_safe(self) -> None:
        verdict.safe(self.story.before, self.story.truth(), self.story.cap)
        verdict.adds_up(self.story.view)

    def teardown(self) -> None:
        if not hasattr(self, "story"):
            return
        story = self.story
        story.finish()
        for event in story.events:
            note(f"{event['at']} {event['message']}")
        self.is_safe()
        verdict.tells_the_truth(story.before, story.truth(), story.view)
        assert not story.left_over
