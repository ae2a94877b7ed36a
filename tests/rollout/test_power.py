import pytest

from rollout.power import Power, power_of


@pytest.mark.parametrize(
    ("code", "power"),
    [
        ("PowerState/running", Power.RUNNING),
        ("powerstate/Deallocated", Power.DEALLOCATED),
        pytest.param("PowerState/hibernated", Power.UNKNOWN, id="one we do not know"),
        pytest.param(None, Power.UNKNOWN, id="none at all (recorded while a VM is made)"),
    ],
)
def test_the_power_state_in_a_code(code: str | None, power: Power) -> None:
    assert power_of(code) is power


def test_what_runs_or_may_run_is_not_off() -> None:
    assert {power for power in Power if not power.off} == {
        Power.RUNNING,
        Power.STARTING,
        Power.UNKNOWN,
    }
