import pytest

from rollout.inventory import Health, HealthSource, UsedHealthSource, health_of, source_used

RUNNING, DEALLOCATED = "PowerState/running", "PowerState/deallocated"


@pytest.mark.parametrize(
    ("code", "health"),
    [
        pytest.param("HealthState/healthy", Health.HEALTHY, id="healthy"),
        pytest.param("HealthState/unhealthy", Health.UNHEALTHY, id="unhealthy"),
        pytest.param("HealthState/Unknown", Health.UNKNOWN, id="unknown, in any case"),
        pytest.param("HealthState/initializing", Health.INITIALIZING, id="initializing"),
        pytest.param("HealthState/splendid", Health.UNKNOWN, id="a word Azure may add one day"),
        pytest.param("", Health.UNKNOWN, id="empty text"),
    ],
)
def test_application_health_is_what_azure_reports(code: str, health: Health) -> None:
    assert _health(vm_health=code) is health


@pytest.mark.parametrize(
    ("power_state", "provisioning", "health"),
    [
        pytest.param(RUNNING, "Succeeded", Health.HEALTHY, id="running and provisioned"),
        pytest.param("powerstate/RUNNING", "succeeded", Health.HEALTHY, id="in any case"),
        pytest.param(RUNNING, "Updating", Health.UNKNOWN, id="running while it is updated"),
        pytest.param(DEALLOCATED, "Succeeded", Health.UNHEALTHY, id="deallocated"),
        pytest.param(None, "Succeeded", Health.UNKNOWN, id="no power state at all"),
    ],
)
def test_by_its_power_state_an_instance_that_runs_is_healthy(
    power_state: str | None, provisioning: str, health: Health
) -> None:
    assert _health("powerState", power_state=power_state, provisioning=provisioning) is health


@pytest.mark.parametrize(
    ("source", "vm_health", "health"),
    [
        pytest.param("auto", None, Health.UNKNOWN, id="auto does not guess"),
        pytest.param(
            "auto",
            "HealthState/unhealthy",
            Health.UNHEALTHY,
            id="auto believes a probe the model does not mention",
        ),
        pytest.param(
            "powerState",
            "HealthState/unhealthy",
            Health.HEALTHY,
            id="powerState does not ask the probe",
        ),
        pytest.param(
            "applicationHealth",
            None,
            Health.UNKNOWN,
            id="applicationHealth never falls back",
        ),
    ],
)
def test_the_source_decides_who_is_asked(
    source: HealthSource, vm_health: str | None, health: Health
) -> None:
    assert _health(source, vm_health=vm_health) is health


@pytest.mark.parametrize(
    ("source", "reports", "used"),
    [
        ("auto", True, "applicationHealth"),
        ("auto", False, "powerState"),
        ("powerState", True, "powerState"),
        ("applicationHealth", False, "applicationHealth"),
    ],
)
def test_the_source_that_is_really_used(
    source: HealthSource, used: UsedHealthSource, *, reports: bool
) -> None:
    assert source_used(source, reports_health=reports) == used


def _health(
    source: HealthSource = "auto",
    *,
    vm_health: str | None = None,
    power_state: str | None = RUNNING,
    provisioning: str = "Succeeded",
) -> Health:
    return health_of(
        source,
        vm_health=vm_health,
        power_state=power_state,
        provisioning=provisioning,
    )
