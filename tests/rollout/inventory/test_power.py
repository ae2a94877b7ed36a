import pytest

from rollout.inventory import power_state_of
from rollout.inventory.power import PowerState


@pytest.mark.parametrize(
    ("code", "power_state"),
    [
        ("PowerState/running", PowerState.RUNNING),
        ("powerstate/Deallocated", PowerState.DEALLOCATED),
        pytest.param("PowerState/hibernated", PowerState.UNKNOWN, id="one we do not know"),
        pytest.param(None, PowerState.UNKNOWN, id="none at all (recorded while a VM is made)"),
    ],
)
def test_the_power_state_in_a_code(code: str | None, power_state: PowerState) -> None:
    assert power_state_of(code) is power_state


def test_what_runs_or_may_run_is_not_off() -> None:
    assert {power_state for power_state in PowerState if not power_state.off} == {
        PowerState.RUNNING,
        PowerState.STARTING,
        PowerState.UNKNOWN,
    }
