"""What a fleet rollout would do to its scale sets."""

from datetime import timedelta

from builders import NEW, SCALE_SET, instance, inventory, policy, spread

from rollout.base import FieldError, Problem
from rollout.fleet import (
    FleetPlan,
    MemberPlan,
    Wave,
    WavePlan,
    about_the_image,
    unusable_image,
)
from rollout.inventory import ImageRequest
from rollout.plan import plan_batches


def test_a_plan_is_told_in_short() -> None:
    there = inventory([instance(20, 0, image=NEW), *spread(20)], orchestration_mode="Flexible")
    plan = plan_batches(policy(), there, NEW)
    member = MemberPlan.of(SCALE_SET, plan)
    assert (member.batches, member.instances, member.skipped) == (5, 20, 1)
    assert (member.warnings, member.refusal) == (plan.warnings, None)
    assert member.warnings[0].startswith("Flexible orchestration:")


def test_a_refusal_is_told_with_every_error() -> None:
    errors = [
        FieldError(path="image", message="is gone"),
        FieldError(path="plan", message="is old"),
    ]
    problem = Problem(
        status=400, title="No", detail="2 errors. Nothing was changed.", errors=errors
    )
    assert MemberPlan.of(SCALE_SET, problem) == MemberPlan(
        scale_set=SCALE_SET, refusal="is gone; is old"
    )


def test_a_refusal_without_errors_is_told_by_its_detail() -> None:
    problem = Problem(status=409, title="No", detail="Its upgrade policy is Rolling.")
    assert MemberPlan.of(SCALE_SET, problem).refusal == "Its upgrade policy is Rolling."


def member(name: str, minutes: int, down: int) -> MemberPlan:
    return MemberPlan(
        scale_set=SCALE_SET,
        instances=10,
        shortest=timedelta(minutes=minutes),
        longest=timedelta(minutes=2 * minutes),
        worst_case_down=down,
        fingerprint=name,
    )


def plan_of(*names: str) -> FleetPlan:
    wave = Wave(
        name="all", scale_sets=[SCALE_SET], max_concurrent=2, bake_after=timedelta(minutes=30)
    )
    members = [member(name, 10 * number, number) for number, name in enumerate(names, 1)]
    return FleetPlan.of(ImageRequest(version="2"), [WavePlan.of(wave, members)])


def test_the_time_of_a_wave_is_that_of_its_scale_sets_a_few_at_once_and_of_its_bake() -> None:
    plan = plan_of("a", "b", "c")
    assert (plan.shortest, plan.longest) == (timedelta(minutes=70), timedelta(minutes=110))
    assert (plan.instances, plan.worst_case_down) == (30, 5)


def test_the_fingerprint_of_a_fleet_plan_is_that_of_its_scale_sets() -> None:
    plan = plan_of("a", "b")
    assert plan.fingerprint == plan_of("a", "b").fingerprint
    assert plan.changed_since(None) is None
    assert plan.changed_since(plan.fingerprint) is None
    changed = plan_of("a", "c").changed_since(plan.fingerprint)
    assert changed is not None
    assert (changed.status, changed.errors[0].path) == (409, "plan")


def test_only_a_refusal_for_the_image_alone_is_about_the_image() -> None:
    def refused(*paths: str) -> Problem:
        errors = [FieldError(path=path, message=f"{path} is wrong") for path in paths]
        return Problem(status=404, title="No", detail="No.", errors=errors)

    assert [about_the_image(refused(*paths)) for paths in (["image"], [], ["image", "plan"])] == [
        True, False, False,
    ]  # fmt: skip
    whole = unusable_image([refused("image"), refused("image")])
    assert (whole.status, [error.message for error in whole.errors]) == (404, ["image is wrong"])
