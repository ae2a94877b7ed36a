import pytest

from rollout.inventory import Health, HealthSource, health_of

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
    assert _health(vm_health=code, reports_health=True) is health


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
def test_without_a_probe_an_instance_that_runs_is_healthy(
    power_state: str | None, provisioning: str, health: Health
) -> None:
    assert _health(power_state=power_state, provisioning=provisioning) is health


@pytest.mark.parametrize(
    ("source", "reports_health", "vm_health", "health"),
    [
        pytest.param(
            "auto", True, None, Health.UNKNOWN, id="auto waits for a probe the model promises"
        ),
        pytest.param(
            "auto",
            False,
            "HealthState/unhealthy",
            Health.UNHEALTHY,
            id="auto believes a probe the model does not mention",
        ),
        pytest.param("auto", False, None, Health.HEALTHY, id="auto falls back to the power state"),
        pytest.param(
            "powerState",
            True,
            "HealthState/unhealthy",
            Health.HEALTHY,
            id="powerState does not ask the probe",
        ),
        pytest.param(
            "applicationHealth",
            False,
            None,
            Health.UNKNOWN,
            id="applicationHealth never falls back",
        ),
    ],
)
def test_the_source_decides_who_is_asked(
    source: HealthSource, vm_health: str | None, health: Health, *, reports_health: bool
) -> None:
    assert _health(source, reports_health=reports_health, vm_health=vm_health) is health


def _health(
    source: HealthSource = "auto",
    *,
    reports_health: bool = False,
    vm_health: str | None = None,
    power_state: str | None = RUNNING,
    provisioning: str = "Succeeded",
) -> Health:
    return health_of(
        source,
        reports_health=reports_health,
        vm_health=vm_health,
        power_state=power_state,
        provisioning=provisioning,
    )
