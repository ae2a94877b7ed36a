"""Whatever happened on the way: said until it ends, rollback leaves nobody behind who could be put
back.
"""

import os
from collections.abc import Iterator
from typing import override

import pytest
import verdict
from any_story import NEW, AnyStory, play
from hypothesis import note
from hypothesis.stateful import precondition, rule
from rehearsal import simulated_azure

from local.arm.model.azure import Azure
from rollout.run import Verb

STORIES = int(os.environ.get("RANDOM_STORIES", "40"))
MOST_SAID = 3
"""How often rollback has to be said at most, once Azure works again."""
NOT_OURS, LAST_UP = "it is not ours", "would take down the last of"
"""Why somebody may be left behind: the model is somebody else's, or nobody would serve. Then one
who serves is left, and whoever is behind it.
"""
CASES = [(failure, kind) for failure in ("rollback", "stop") for kind in ("Uniform", "Flexible")]


@pytest.fixture(scope="module")
def azure() -> Iterator[Azure]:
    with simulated_azure(NEW) as one:
        yield one


class WayBack(AnyStory):
    """A rollout that is rolled back in the end, whatever became of it."""

    @precondition(lambda self: self.story.run.done.complete)
    @rule()
    def somebody_says_rollback(self) -> None:
        if Verb.ROLLBACK in self.story.view["verbs"]:
            self.story.roll_back()

    @override
    def teardown(self) -> None:
        if not hasattr(self, "story"):
            return
        story = self.story
        story.finish()
        self.azure.clear_faults()
        for _ in range(MOST_SAID):
            if Verb.ROLLBACK not in story.view["verbs"]:
                break
            story.roll_back()
        for event in story.events:
            note(f"{event['at']} {event['message']}")
        self.is_safe()
        after, view = story.truth(), story.view
        left = verdict.left_behind(story.before, after, view)
        movable = {
            one["instanceId"]
            for one in after["instances"]
            if one["power"] == "running" and not one["protected"]
        }
        serving = {one["instanceId"] for one in after["instances"] if one["health"] == "healthy"}
        last = LAST_UP in view["message"] and len(left & movable & serving) <= 1
        lawful = NOT_OURS in view["message"] or last
        assert lawful or not left & movable, f"{view['phase']}: {view['message']}"
        same = after["automaticRepairs"] == story.before["automaticRepairs"]
        assert same or verdict.repairs_unheard(view)


@pytest.mark.by_day(2)
@pytest.mark.timeout(0)
@pytest.mark.parametrize(("failure", "kind"), CASES)
def test_rollback_leaves_nobody_behind(azure: Azure, failure: str, kind: str) -> None:
    class Story(WayBack):
        pass

    Story.azure, Story.failure, Story.kind, Story.late = azure, failure, kind, kind == "Flexible"
    play(Story, CASES.index((failure, kind)), STORIES // len(CASES), steps=8)
