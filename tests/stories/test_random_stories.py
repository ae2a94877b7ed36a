"""Hypothesis plays operator, Azure and colleague: what must hold of any story, at every moment.

Hundreds of stories, in skipped time: the real orchestrators and activities through the real SDK
against the simulated Azure, without a host (tests/support/playback.py). `make nightly` plays more.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from any_story import NEW, AnyStory, play
from rehearsal import simulated_azure

from local.arm.model.azure import Azure

type Json = dict[str, Any]

STORIES = int(os.environ.get("RANDOM_STORIES", "60"))
PARTS = 2
"""Each case is played in so many parts: those run side by side, with other stories in each. In the
last part, hops are late.
"""
CASES = [
    (failure, kind, part)
    for failure in ("rollback", "pause", "stop")
    for kind in ("Uniform", "Flexible")
    for part in range(PARTS)
]


@pytest.fixture(scope="module")
def azure() -> Iterator[Azure]:
    with simulated_azure(NEW) as one:
        yield one


@pytest.mark.timeout(0)
@pytest.mark.parametrize(("failure", "kind", "part"), CASES)
def test_whatever_happens(azure: Azure, failure: str, kind: str, part: int) -> None:
    class Story(AnyStory):
        pass

    Story.azure, Story.failure, Story.kind = azure, failure, kind
    Story.late = part == PARTS - 1
    play(Story, CASES.index((failure, kind, part)), STORIES // len(CASES), steps=10)
