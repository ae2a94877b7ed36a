"""The final message says what was read at the end, and nothing that contradicts it."""

from dataclasses import replace

import pytest
from builders import (
    NEW,
    OLD,
    SCALE_SET,
    START,
    changed,
    instance,
    inventory,
    model,
    planned,
    policy,
    scale_set,
)
from endings import FIRST, ILL, INSTANCES, SET_TO_NEW, after, now, said, stopped

from rollout.base import Cell, Phase
from rollout.batch import foreign_change
from rollout.inventory import Health
from rollout.inventory.power import PowerState
from rollout.run import (
    End,
    FinalState,
    RolloutEnding,
    final_message,
    final_state_of,
    known_last,
    preliminary,
)
from rollout.run.places import health_claim


def test_a_stop_says_what_is_where_and_what_to_do() -> None:
    assert stopped(after("dddd"), now(FIRST)) == (
        f"Stopped: the deadline has passed. 4 instance(s) run {NEW} and are healthy; 16 were not "
        f"touched. {SET_TO_NEW} Fix the cause; then start again to go on with the rest, or roll "
        "back."
    )


def test_a_failure_is_told_once_and_not_counted_as_healthy() -> None:
    progress = after("dddf", reasons={"15": ILL})
    why = RolloutEnding(progress).failed("update domain 0", f"instance 15: {ILL}.")
    there = inventory(changed(now(FIRST).instances, ["15"], health=Health.UNHEALTHY), image=NEW)
    assert said(progress, Phase.FAILED, why, there) == (
        f"{why} 3 instance(s) run {NEW} and are healthy; 1 instance(s) run it and are unhealthy: "
        f"15; 16 were not touched. {SET_TO_NEW} Look at the instances that failed and at the "
        "image; then roll back, or start again with an image that works."
    )


def test_a_stop_for_another_reason_names_who_has_failed_and_who_is_well_by_now() -> None:
    message = stopped(after("dddf", reasons={"15": ILL}), now(FIRST))
    assert f"Failed: instance 15: {ILL}. Healthy by now: 15." in message
    assert f"4 instance(s) run {NEW} and are healthy" in message


def test_an_instance_that_failed_on_its_old_image_is_not_called_untouched() -> None:
    message = stopped(after("dddf", reasons={"15": "still on the old image"}), now(FIRST[:3]))
    assert "1 failed and are not on it: 15; 16 were not touched" in message


def test_what_was_left_in_the_middle_is_told() -> None:
    message = stopped(after("duuu"), now(FIRST[:2]))
    assert (
        f"1 instance(s) run {NEW} and are healthy; 3 were left in the middle of their upgrade: "
        "5, 10, 15 (1 of them run it by now); 16 were not touched."
    ) in message


def test_every_instance_is_told_of_once() -> None:
    progress = after("dddd")
    there = now(FIRST)
    odd = [
        *changed(there.instances, ["0"], image=OLD),
        instance(20, 0, image=NEW, health=Health.UNKNOWN),
    ]
    odd = changed(odd, ["5"], health=Health.UNHEALTHY)
    odd = changed(odd, ["10"], provisioning_state="Updating")
    odd = changed(odd, ["15"], power_state=PowerState.STOPPED)
    odd = [one for one in odd if one.instance_id not in {"1", "2"}]
    assert (
        f"1 instance(s) run {NEW} and are unhealthy: 5; 2 instance(s) run it and nobody knows "
        "whether they are healthy: 10, 20; 1 instance(s) run it and are switched off: 15; "
        "1 run another image by now: 0; 2 no longer exist: 1, 2; 14 were not touched."
    ) in stopped(progress, inventory(odd, image=NEW))


def test_a_model_that_somebody_changed_is_named_as_it_is() -> None:
    other = OLD.model_copy(update={"version": "9"})
    progress = after("dddd")
    reason = foreign_change(model(), scale_set(image=other))
    assert reason is not None
    message = stopped(progress, now(FIRST, image=other), reason)
    assert f"someone changed the image in the model of {SCALE_SET.name} during" in message
    assert f"The scale set's image is {other}, which it did not set." in message
    assert str(SCALE_SET) not in message


def test_a_model_without_an_image_is_said() -> None:
    there = inventory(INSTANCES.instances)
    assert "The scale set's model names no image." in stopped(
        after("dddd"), there.model_copy(update={"scale_set": scale_set(image=None)})
    )


def test_a_change_of_the_model_that_failed_changed_nothing() -> None:
    assert stopped(planned(INSTANCES), INSTANCES, "could not set the image") == (
        "Stopped: could not set the image. No instance was touched. "
        f"The scale set's image is {OLD}. Fix the cause, then start again."
    )


def test_a_change_of_the_model_that_came_about_unwatched_can_be_rolled_back() -> None:
    progress = planned(INSTANCES)
    ended = progress.leaving(NEW).finished(Phase.FAILED, "", START)
    assert (progress.leaving(OLD).model_set, ended.verbs) == (False, ["rollback"])
    assert SET_TO_NEW in stopped(progress.leaving(NEW), inventory(INSTANCES.instances, image=NEW))


@pytest.mark.parametrize("cells", ["dddd", "dddf"])
def test_an_abort_says_what_new_instances_get(cells: str) -> None:
    progress = after(cells)
    why = RolloutEnding(progress).aborted("by alice")
    message = said(progress, Phase.ABORTED, why, now(FIRST))
    assert message.startswith(f"{why} 4 instance(s) run {NEW} and are healthy; 16 were not touched")
    assert SET_TO_NEW in message


def test_an_abort_before_the_model_was_set_needs_nothing_more() -> None:
    progress = planned(INSTANCES)
    why = RolloutEnding(progress).aborted("by alice")
    assert said(progress, Phase.ABORTED, why, INSTANCES) == f"{why} The scale set's image is {OLD}."


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        pytest.param("dddd", f"4 instance(s) run {NEW} and are healthy.", id="all of them"),
        pytest.param(
            "dddf",
            f"4 instance(s) run {NEW} and are healthy. "
            "1 failed, within the budget: instance 15: failed. Healthy by now: 15.",
            id="one failed, within the budget",
        ),
    ],
)
def test_a_success_says_what_is_where(cells: str, message: str) -> None:
    progress = after(cells, policy(updateDomains=[0]))
    image = f"The scale set's image is {NEW}."
    assert said(progress, Phase.SUCCEEDED, "", now(FIRST)) == f"{message} {image}"


def test_a_success_names_who_was_skipped_and_who_is_gone() -> None:
    progress = after("ddkg", policy(updateDomains=[0]))
    there = [one for one in now(FIRST[:2]).instances if one.instance_id != "15"]
    assert said(progress, Phase.SUCCEEDED, "", inventory(there, image=NEW)).startswith(
        f"2 instance(s) run {NEW} and are healthy; 1 was skipped: 10; 1 no longer exists: 15."
    )


def test_a_success_that_fell_ill_since_is_no_secret() -> None:
    there = inventory(changed(now(FIRST).instances, ["5"], health=Health.UNHEALTHY), image=NEW)
    message = said(after("dddd", policy(updateDomains=[0])), Phase.SUCCEEDED, "", there)
    assert "3 instance(s) run" in message
    assert "1 instance(s) run it and are unhealthy: 5." in message
    assert message.endswith("Look at those that are not healthy.")


def test_a_rollout_with_nothing_to_do_succeeds_and_says_so() -> None:
    there = inventory(
        [instance(0, image=NEW), instance(1, protect_from_scale_set_actions=True)], image=NEW
    )
    assert said(planned(there), Phase.SUCCEEDED, "", there) == (
        "Nothing to do: each of the 2 instance(s) already runs the target image, or is protected "
        f"from scale set actions (protectFromScaleSetActions). The scale set's image is {NEW}."
    )


def test_an_empty_scale_set_succeeds_and_says_so() -> None:
    assert said(planned(inventory([])), Phase.SUCCEEDED, "", inventory([], image=NEW)) == (
        f"Nothing to upgrade: the scale set has no instances. The scale set's image is {NEW}."
    )


def test_when_every_instance_has_gone_after_a_batch_it_says_so() -> None:
    message = said(after("gggg", policy(updateDomains=[0])), Phase.SUCCEEDED, "", inventory([]))
    assert message.startswith(f"No instance runs {NEW}; 4 no longer exist: 0, 5, 10, 15.")


def test_when_every_instance_had_gone_before_the_first_batch_it_says_so() -> None:
    progress = planned(inventory([instance(0)]))
    gone = replace(progress, tally=replace(progress.tally, cells={"0": Cell.GONE}))
    message = said(gone, Phase.SUCCEEDED, "", inventory([]))
    assert "each of the 1 instance(s) no longer exists" in message


def test_what_could_not_be_read_is_not_claimed() -> None:
    progress = after("dduf", reasons={"15": ILL})
    why = RolloutEnding(progress).stopped("the deadline has passed")
    state = known_last(progress, "could not list the instances of web: Gone: no.")
    assert final_message(progress, End(Phase.FAILED, why), state) == (
        f"{why} The scale set could not be read at the end: could not list the instances of web: "
        f"Gone: no. Known last: 2 instance(s) had come to {NEW} and had been healthy; 1 was left "
        f"in the middle of their upgrade: 10; 1 failed: 15; 16 were not touched. Failed: instance "
        f"15: {ILL}. It had set the scale set's image to {NEW}. Look at the instances that failed "
        "and at the image; then roll back, or start again with an image that works."
    )


def test_repairs_that_are_still_suspended_are_told() -> None:
    repairs = "Automatic instance repairs may still be suspended: no. Resume them by hand"
    progress = after("dddd")
    state = final_state_of(progress, now(FIRST), repairs)
    assert f"{repairs}." in final_message(progress, End(Phase.SUCCEEDED, ""), state)


def test_an_unforeseen_end_can_be_retried() -> None:
    progress = after("dddd")
    end = End(Phase.FAILED, "Stopped: an unexpected error: KeyError.", unforeseen=True)
    message = final_message(progress, end, final_state_of(progress, now(FIRST)))
    assert message.endswith("Retry, roll back, or start again.")


def test_what_never_looked_says_only_why() -> None:
    end = End(Phase.FAILED, f"Stopped before anything was changed: could not read {SCALE_SET}.")
    assert final_message(planned(INSTANCES), end, None) == (
        "Stopped before anything was changed: could not read web."
    )


def test_a_long_reason_leaves_room_for_the_rest() -> None:
    message = stopped(after("dddd"), now(FIRST), "because of this and that " * 200)
    assert len(message) < 2000
    assert message.endswith("or roll back.")


def test_what_nobody_reports_is_not_called_healthy() -> None:
    assert health_claim("powerState") == "are running (nobody reports their health)"
    progress = after("dddd", policy(health={"source": "powerState"}))
    assert f"4 instance(s) run {NEW} and are running (nobody reports" in stopped(
        progress, now(FIRST)
    )


@pytest.mark.parametrize(
    ("phase", "why", "told"),
    [
        (Phase.SUCCEEDED, "", "Every instance was verified."),
        (Phase.ROLLED_BACK, "asked by ann", "Everything was rolled back. asked by ann."),
        (Phase.FAILED, f"Stopped: could not read {SCALE_SET}.", "Stopped: could not read web."),
    ],
)
def test_why_it_ends_is_told_before_the_rest_is_known(phase: Phase, why: str, told: str) -> None:
    assert preliminary(planned(INSTANCES), End(phase, why)) == told


def test_what_is_about_to_end_takes_no_verb_and_keeps_saying_why() -> None:
    progress = replace(after("dddd"), concluding="Stopped: enough.").doing("Waiting for Azure")
    assert progress.message == "Stopped: enough. Waiting for Azure"
    assert (progress.verbs, progress.view(START).eta) == ([], None)
    assert progress.finished(Phase.FAILED, "", START).verbs == ["rollback"]


def test_the_state_is_a_value() -> None:
    state = final_state_of(after("dddd"), now(FIRST))
    assert FinalState.from_json(state.to_json()) == state
    assert state.on_target == FIRST
