"""What a long bake writes down: the figures of it can be measured, and its history stays short."""

from benchmarks.replaying import figures_of_a_bake


def test_a_bake_of_six_hours_leaves_a_short_history() -> None:
    longest, *turns = figures_of_a_bake()
    assert longest.reached
    assert all(turn.value > 0 for turn in turns)
