"""What a look at everything before the start came to."""

from builders import NEW, OLD, instance, inventory, policy, spread

from rollout.base import Problem
from rollout.plan import plan_batches
from rollout.run import Inspection

THERE = inventory([*spread(20), instance(20, 0, image=NEW, health="unhealthy")])
FOUND = Inspection(inventory=THERE.pack(), target=NEW)


def test_the_inventory_that_was_found_is_unpacked() -> None:
    assert FOUND.unpacked == THERE


def test_the_plan_is_that_for_what_was_found() -> None:
    rules = policy(maxBatchInstances=1)
    assert FOUND.plan(rules) == plan_batches(rules, THERE, NEW)


def test_warnings_about_images_come_before_those_of_the_plan() -> None:
    plan = FOUND.model_copy(update={"warnings": ["has its end of life"]}).plan(policy())
    assert plan.warnings == ["has its end of life", *plan_batches(policy(), THERE, NEW).warnings]
    assert len(plan.warnings) == 2


def test_a_refusal_has_no_target_and_a_plan_all_the_same() -> None:
    refusal = Problem(status=404, title="No", detail="There is no such image.")
    refused = Inspection(inventory=THERE.pack(), refusal=refusal)
    assert (refused.target, refused.refusal) == (None, refusal)
    assert refused.plan(policy()).image.from_image == OLD
