from datetime import timedelta

import pytest
from builders import START

from rollout.base import Phase
from rollout.run.eta import MOVING, estimate

NO_PAUSE = timedelta(0)


def _minutes(*count: float) -> list[timedelta]:
    return [timedelta(minutes=minutes) for minutes in count]


def test_before_the_first_batch_is_through_nobody_knows() -> None:
    assert estimate(START, [], 5, NO_PAUSE) is None


@pytest.mark.parametrize(
    ("durations", "left", "pause", "minutes"),
    [
        pytest.param(_minutes(10), 4, 0, 40, id="the batches to come take as long as the first"),
        pytest.param(_minutes(10, 20), 2, 0, 30, id="as long as those before on average"),
        pytest.param(_minutes(10), 4, 5, 55, id="with a pause between any two of them"),
        pytest.param(_minutes(10), 1, 5, 10, id="with no pause after the last one"),
        pytest.param(_minutes(10), 0, 5, 0, id="now, when none is left"),
    ],
)
def test_the_estimate_is(
    durations: list[timedelta], left: int, pause: float, minutes: float
) -> None:
    end = estimate(START, durations, left, timedelta(minutes=pause))
    assert end == START + timedelta(minutes=minutes)


@pytest.mark.parametrize("phase", Phase)
def test_only_what_moves_has_an_end_in_sight(phase: Phase) -> None:
    waits = phase in {Phase.PAUSED, Phase.AWAITING_APPROVAL}
    assert (phase in MOVING) is not (waits or phase.ended)
