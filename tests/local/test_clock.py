from local.base.clock import ScaledClock


def test_no_time_passes_while_a_clock_is_held() -> None:
    clock = ScaledClock(10_000_000)  # so fast that no two looks see the same moment
    before = clock.now()
    with clock.held():
        held = clock.now()
        assert clock.now() == held > before
    assert clock.now() > held
