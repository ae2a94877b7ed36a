"""What a fleet rollout would do to its scale sets."""

from builders import NEW, SCALE_SET, instance, inventory, policy, spread

from rollout.base import FieldError, Problem
from rollout.fleet import FleetPlan, MemberPlan, WavePlan
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


def test_the_plan_of_a_fleet_rollout_is_plain_json() -> None:
    member = MemberPlan(scale_set=SCALE_SET, batches=5, instances=20)
    plan = FleetPlan(
        image=ImageRequest(version="2"),
        waves=[WavePlan(name="canary", scale_sets=[member])],
        instances=20,
    )
    assert plan.to_json() == {
        "image": {"version": "2"},
        "instances": 20,
        "waves": [
            {
                "name": "canary",
                "scaleSets": [
                    {
                        "scaleSet": str(SCALE_SET),
                        "batches": 5,
                        "instances": 20,
                        "skipped": 0,
                        "warnings": [],
                    }
                ],
            }
        ],
    }
