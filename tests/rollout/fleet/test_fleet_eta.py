"""When a fleet rollout will be done."""

from datetime import timedelta

from builders import START

from rollout.fleet import WaveRules
from rollout.fleet.eta import WaveWork, estimate_end

HOUR = timedelta(hours=1)


def work(total: int, done: int, at_once: int = 1, bake: timedelta = timedelta(0)) -> WaveWork:
    rules = WaveRules(name="w", max_concurrent=at_once, bake_after=bake)
    return WaveWork(rules=rules, total=total, done=done)


def test_nothing_is_known_before_an_instance_is_done() -> None:
    assert estimate_end(START + HOUR, START, None, [work(10, 0)]) is None


def test_the_rest_takes_as_long_as_what_is_done_took() -> None:
    now = START + HOUR
    assert estimate_end(now, START, None, [work(10, 5)]) == now + HOUR
    assert estimate_end(now, START, None, [work(10, 5, bake=HOUR)]) == now + 2 * HOUR


def test_a_later_wave_takes_less_if_more_of_it_go_on_at_once() -> None:
    now = START + HOUR
    later = work(40, 0, at_once=4, bake=HOUR)
    assert estimate_end(now, START, None, [work(10, 10), later]) == now + 2 * HOUR


def test_a_bake_is_counted_once_and_not_as_work() -> None:
    until = START + 3 * HOUR
    baking = [work(10, 10, bake=2 * HOUR), work(10, 0)]
    assert estimate_end(START + 2 * HOUR, START, until, baking) == until + HOUR
    late = until + timedelta(minutes=5)
    assert estimate_end(late, START, until, baking) == late + HOUR
