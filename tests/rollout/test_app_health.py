"""What the app says of itself."""

import pytest

from rollout.app_health import AppHealth, AppStatus, Unwell
from rollout.base import ORCHESTRATION_VERSION, VERSION, FieldError

ERROR = FieldError(path="host.json", message="is wrong")
STILL = Unwell(id="r1", message="No look at its instances since 12:00")


@pytest.mark.parametrize(
    ("errors", "unwell", "status"),
    [
        pytest.param([], [], AppStatus.HEALTHY, id="all is well"),
        pytest.param([], [STILL], AppStatus.STANDING_STILL, id="a rollout stands still"),
        pytest.param([ERROR], [], AppStatus.WRONG_SETTINGS, id="a setting is wrong"),
        pytest.param([ERROR], [STILL], AppStatus.WRONG_SETTINGS, id="both: the cause is named"),
    ],
)
def test_its_status(errors: list[FieldError], unwell: list[Unwell], status: AppStatus) -> None:
    health = AppHealth.of(errors).with_rollouts(unwell)
    assert (health.status, health.errors, health.rollouts) == (status, errors, unwell)


def test_it_says_which_version_it_is_and_which_its_orchestrators() -> None:
    shown = AppHealth.of([]).to_json()
    assert (shown["version"], shown["orchestrators"]) == (VERSION, ORCHESTRATION_VERSION)
    assert (shown["errors"], shown["rollouts"]) == ([], [])
