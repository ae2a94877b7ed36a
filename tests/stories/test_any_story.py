"""Random fleets, faults and verbs through the whole system: what must hold of any story.

Few of them, because each runs on the local host; test_random_stories.py plays hundreds without.
"""

from typing import Any

import verdict
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from scenario import faults, policies, specs
from story import NEW, PLATFORM, System

from rollout.run import Verb

type Json = dict[str, Any]

STEP_MINUTES, STEPS = 3, 8
SCRIPTS = st.lists(st.sampled_from([None, None, *Verb]), min_size=STEPS, max_size=STEPS)


@st.composite
def beginnings(draw: st.DrawFn) -> tuple[Json, Json, Json | None]:
    """A scale set, a policy, and what goes wrong, if anything does."""
    spec = draw(specs(draw(st.sampled_from(["Uniform", "Flexible"]))))
    return spec, draw(policies(spec["health"])), draw(st.none() | faults(NEW, spec["health"]))


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(beginning=beginnings(), script=SCRIPTS)
def test_whatever_happens(
    running: System, beginning: tuple[Json, Json, Json | None], script: list[Verb | None]
) -> None:
    spec, policy, fault = beginning
    running.azure.delete("/_sim/faults")
    running.publish(**PLATFORM, version=NEW)
    scale_set = running.scale_set(**spec)
    before = running.truth(scale_set)
    note(f"{spec} {policy} {fault} {script}")
    answer = running.start(scale_set, policy=policy)
    if answer.status_code == 400:
        return
    assert answer.status_code == 202, answer.text
    rollout = answer.json()["id"]
    if fault:
        running.azure.post("/_sim/faults", json={"scaleSet": scale_set, **fault})
    taken = _play(running, rollout, script)
    view = running.finish(rollout)
    for event in running.events(rollout):
        note(f"{event['at']} {event['message']}")
    after = running.truth(scale_set)
    skipped = Verb.SKIP in taken
    verdict.safe(before, after, policy["maxBatchInstances"], went_on=skipped)
    verdict.adds_up(view)
    verdict.tells_the_truth(before, after, view)


def _play(system: System, rollout: str, script: list[Verb | None]) -> set[Verb]:
    """Say the next verb every few minutes; most of them are refused, which must not matter.
    Answers those that were taken.
    """
    taken: set[Verb] = set()
    for verb in script:
        system.pass_minutes(STEP_MINUTES)
        if verb:
            answer = system.api.post(f"/api/rollouts/{rollout}/{verb}")
            assert answer.status_code in {202, 409}, answer.text
            taken |= {verb} if answer.status_code == 202 else set()
    return taken
