"""How far apart looks are."""

from datetime import timedelta

from builders import seconds
from hypothesis import given
from hypothesis import strategies as st

from rollout.plan import widening

CLOSE = seconds(15)


def test_what_takes_its_time_is_looked_at_the_less_often() -> None:
    assert widening(seconds(0), seconds(900), CLOSE) == CLOSE
    assert widening(seconds(150), seconds(900), CLOSE) == seconds(30)
    assert widening(seconds(880), seconds(900), CLOSE) == seconds(20), "no later than need be"
    assert widening(seconds(900), seconds(900), CLOSE) == CLOSE


@given(most=st.floats(1, 86_400), closest=st.floats(3, 60))
def test_no_wait_of_a_day_passes_five_hundred_rows_of_history(most: float, closest: float) -> None:
    """A look is eight of them."""
    waited, looks = timedelta(0), 0
    while waited < seconds(most):
        waited += widening(waited, seconds(most), seconds(closest))
        looks += 1
    assert 8 * looks <= 500
    assert waited <= seconds(most + closest)
