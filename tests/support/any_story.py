"""A state machine of Hypothesis: one rollout, and whatever is said and done on its way."""

import itertools
import os
from datetime import timedelta
from typing import Any

import verdict
from hypothesis import HealthCheck, Phase, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from rehearsal import Rehearsal
from scenario import faults, policies, specs

from local.arm.model.azure import Azure
from local.host.store import AsAzure
from rollout.run import Verb

type Json = dict[str, Any]

NIGHTLY = "RANDOM_STORIES" in os.environ

NEW = "14.04.201507060"
names = (f"set{number}" for number in itertools.count())


class AnyStory(RuleBasedStateMachine):
    """One rollout; whatever is said and done while it is on its way."""

    azure: Azure
    failure: str
    kind: str
    late: bool
    story: Rehearsal
    lied = False

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        spec = {"name": next(names), **data.draw(specs(self.kind))}
        policy = {**data.draw(policies(spec["health"])), "onFailure": self.failure}
        note(f"{spec} {policy}")
        seed = str(data.draw(st.integers(0, 99_999)))
        request = {"image": {"version": NEW}, "policy": policy}
        way = AsAzure(seed, late=1.0, killed=0.01, doubled=0.05) if self.late else None
        self.story = Rehearsal(self.azure, spec, request, way)

    @rule(minutes=st.integers(1, 6))
    def time_passes(self, minutes: int) -> None:
        self.story.pass_time(timedelta(minutes=minutes))

    @rule(minutes=st.integers(1, 600))
    def the_app_is_down(self, minutes: int) -> None:
        self.story.clock.advance(timedelta(minutes=minutes))

    @precondition(lambda self: not self.story.run.done.complete)
    @rule(verb=st.sampled_from(Verb))
    def an_operator_says(self, verb: Verb) -> None:
        self.story.tell(verb)

    @rule(data=st.data())
    def something_breaks(self, data: st.DataObject) -> None:
        fault = data.draw(faults(NEW, self.story.spec["health"]))
        lies = "instances" in fault or fault.get("body") == {"value": []}
        if not (lies and self.lied):  # two false lists in a row could not be told from the truth
            self.story.fault(fault)
            self.lied |= lies

    @rule()
    def it_is_mended(self) -> None:
        self.azure.clear_faults()

    @invariant()
    def is_safe(self) -> None:
        story = self.story
        went_on = Verb.SKIP in story.accepted or story.set_aside
        verdict.safe(story.before, story.truth(), story.cap, went_on=went_on, spare=story.spare)
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
        if state := story.events[-1]["evidence"].get("final"):
            verdict.reads_what_is_there(story.last_read, story.view, state)
        assert not story.left_over


def play(story: type[AnyStory], number: int, stories: int, steps: int) -> None:
    """So many stories of at most so many steps: the same each day, and others each night."""
    run_state_machine_as_test(
        story if NIGHTLY else seed(number)(story),
        settings=settings(
            max_examples=stories,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            database=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
