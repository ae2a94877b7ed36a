from builders import NEW, instance, inventory, spread

from rollout.plan.warning import plan_warnings


def test_a_plain_scale_set_warns_of_nothing() -> None:
    assert plan_warnings(inventory(spread(20)), NEW) == []


def test_what_is_unhealthy_on_the_target_image_is_named_because_nothing_mends_it() -> None:
    there = [
        instance(10, 0, image=NEW, health="unhealthy"),
        instance(9, 0, image=NEW, power_state="deallocated"),
        instance(1, 0, image=NEW),
        instance(2, 0, health="unhealthy"),
    ]
    [warning] = plan_warnings(inventory(there), NEW)
    assert warning == (
        "2 instance(s) run the target image already and are not healthy or not running: 9, 10. "
        "A rollout leaves them as they are"
    )


def test_flexible_orchestration_is_warned_of() -> None:
    [warning] = plan_warnings(inventory([], orchestration_mode="Flexible"), NEW)
    assert warning.startswith("Flexible orchestration:")
