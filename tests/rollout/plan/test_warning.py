import pytest
from builders import NEW, OLD, instance, inventory, policy, spread

from rollout.inventory import Manager
from rollout.plan.warning import pending_changes, plan_warnings


def test_a_plain_scale_set_warns_of_nothing() -> None:
    assert plan_warnings(policy(), inventory(spread(20)), NEW) == []


def test_what_is_unhealthy_on_the_target_image_is_named_because_nothing_mends_it() -> None:
    there = [
        instance(10, 0, image=NEW, health="unhealthy"),
        instance(9, 0, image=NEW, power_state="deallocated"),
        instance(1, 0, image=NEW),
        instance(2, 0, health="unhealthy"),
    ]
    [warning] = plan_warnings(policy(), inventory(there), NEW)
    assert warning == (
        "2 instance(s) run the target image already and are not healthy or not running: 9, 10. "
        "A rollout leaves them as they are"
    )


def test_flexible_orchestration_is_warned_of() -> None:
    [warning] = plan_warnings(policy(), inventory([], orchestration_mode="Flexible"), NEW)
    assert warning.startswith("Flexible orchestration:")


@pytest.mark.parametrize(
    ("source", "reports", "begins"),
    [
        ("powerState", False, "Nobody reports the health of these instances"),
        ("powerState", True, "policy.health.source is powerState, although"),
        ("applicationHealth", False, "policy.health.source is applicationHealth, but"),
    ],
)
def test_health_that_is_known_badly_is_warned_of(
    source: str, begins: str, *, reports: bool
) -> None:
    there = inventory(spread(5), reports_health=reports)
    [warning] = plan_warnings(policy(health={"source": source}), there, NEW)
    assert warning.startswith(begins)


def test_instances_that_something_runs_on_are_named_by_state() -> None:
    states = {2: "Deleting", 10: "Updating", 9: "Updating"}
    there = [
        *spread(2),
        *(instance(number, provisioning_state=state) for number, state in states.items()),
    ]
    hang = "Another operation runs on them; if it hangs, it holds up their batch"
    assert plan_warnings(policy(), inventory(there), NEW) == [
        f"1 instance(s) are Deleting: 2. {hang}",
        f"2 instance(s) are Updating: 9, 10. {hang}",
    ]


def test_whoever_else_works_with_the_instances_is_named() -> None:
    there = inventory(spread(2), managed_by=Manager.AZURE_DEVOPS)
    assert plan_warnings(policy(), there, NEW) == [Manager.AZURE_DEVOPS.caution]


def test_an_open_version_is_warned_of_because_a_rollback_does_not_restore_it() -> None:
    there = inventory(spread(2), image=NEW.model_copy(update={"version": "latest"}))
    [warning] = plan_warnings(policy(), there, NEW)
    assert warning.startswith("The scale set's image is Canonical:UbuntuServer:14.04.2-LTS:latest")


def test_other_changes_of_the_model_that_wait_are_told() -> None:
    """Whoever runs another image than the model's lacks the latest model because of that."""
    lacking = {"latest_model_applied": False}
    there = [
        instance(10, **lacking),
        instance(9, **lacking),
        instance(1, image=NEW, **lacking),
        instance(2, latest_model_applied=True),
        instance(3),
    ]
    [warning] = pending_changes(inventory(there))
    assert warning.startswith("2 instance(s) run the image of the scale set's model and yet do not")
    assert ": 9, 10. Its other changes come to them together with the image" in warning
    open_ended = OLD.model_copy(update={"version": "latest"})
    [warning] = pending_changes(inventory(there, image=open_ended))
    assert ": 1, 9, 10." in warning
    assert pending_changes(inventory(there, image=None)) == []
    assert pending_changes(inventory(spread(5))) == []
