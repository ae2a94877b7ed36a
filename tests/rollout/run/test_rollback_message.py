"""The final message of a rollback says what was read at its end."""

from dataclasses import replace

from builders import NEW, OLD, changed, instance, inventory, planned, policy
from endings import FIRST, INSTANCES, after, now, said, stopped

from rollout.base import Cell, Phase
from rollout.inventory import Health
from rollout.run import End, Progress, final_message, final_state_of, known_last


def back(cells: str = "rrrr") -> Progress:
    """A rollout of which the first batch was moved and put back."""
    progress = after("dddd")
    letters = dict(zip(FIRST, map(Cell, cells), strict=True))
    tally = replace(progress.tally, cells={**progress.tally.cells, **letters})
    return replace(progress.starting_rollback(), tally=tally)


def test_a_rollback_counts_who_is_back_and_healthy() -> None:
    there = changed(INSTANCES.instances, ["10"], health=Health.UNHEALTHY)
    assert said(back(), Phase.ROLLED_BACK, "Batch 1 failed", inventory(there)) == (
        "Rolled back: 3 instance(s) run the image they had and are healthy; 1 instance(s) run it "
        f"and are not healthy: 10. The scale set's image is {OLD}. Batch 1 failed. "
        "Look at those that are not healthy."
    )


def test_a_rollback_of_nothing_says_so_and_who_is_gone() -> None:
    progress = planned(INSTANCES).starting_rollback()
    assert said(
        progress, Phase.ROLLED_BACK, "asked by ann", inventory(INSTANCES.instances[1:])
    ) == (
        "Rolled back: No instance had to be put back; 1 no longer exists: 0. "
        f"The scale set's image is {OLD}. asked by ann."
    )


def test_a_rollback_names_who_runs_the_rejected_image_all_the_same() -> None:
    there = [*INSTANCES.instances, instance(20, image=NEW), instance(21, image=NEW)]
    message = said(back(), Phase.ROLLED_BACK, "asked", inventory(there))
    assert f"2 instance(s) that it did not move run {NEW}: 20, 21. If they came" in message


def test_who_was_there_before_and_had_the_image_is_no_newcomer() -> None:
    before = inventory(changed(INSTANCES.instances, ["1"], image=NEW))
    progress = planned(before, policy(updateDomains=[0])).starting_rollback()
    assert final_state_of(progress, before).not_moved == []


def test_a_rollback_names_who_ran_the_image_before_and_what_to_do() -> None:
    """An earlier rollout has left them on it."""
    before = inventory(changed(INSTANCES.instances, ["1", "6"], image=NEW), image=OLD)
    progress = planned(before, policy(updateDomains=[0])).starting_rollback()
    assert final_state_of(progress, before).before == ["1", "6"]
    for phase in (Phase.ROLLED_BACK, Phase.FAILED, Phase.ABORTED):
        message = said(progress, phase, "asked", before)
        assert f"2 instance(s) ran {NEW} before this rollout, and run it still: 1, 6." in message
        assert "roll back the rollout that moved them, or upgrade them" in message
    forward = planned(before, policy(updateDomains=[0]))
    assert "run it still" not in said(forward, Phase.ABORTED, "Aborted", before)


def test_a_model_with_an_image_that_nobody_ran_is_named_for_new_instances() -> None:
    """An earlier rollout has set it, and came no further: no instance was made from it."""
    other = OLD.model_copy(update={"version": "2.0.9"})
    progress = replace(back(), image=back().image.model_copy(update={"from_image": other}))
    message = said(
        progress, Phase.ROLLED_BACK, "asked", inventory(INSTANCES.instances, image=other)
    )
    assert f"image is {other}: new instances get it, and no instance ran it before." in message


def test_new_instances_get_the_new_image_until_somebody_sets_another() -> None:
    """What is back takes no verb any more; somebody has set the image again since."""
    there = inventory(INSTANCES.instances, image=NEW)
    message = said(back(), Phase.ROLLED_BACK, "asked", there)
    assert f"image is {NEW}: new instances get it until somebody sets another." in message


def test_a_rollback_that_had_nothing_to_put_back_is_not_to_be_said_again() -> None:
    """It was aborted at once: there is no verb that would do it."""
    nothing = planned(INSTANCES).starting_rollback()
    assert "Roll back again" not in said(nothing, Phase.ABORTED, "Aborted by ann.", INSTANCES)
    assert "Roll back again" in said(back("rrdd"), Phase.ABORTED, "Aborted by ann.", INSTANCES)


def test_who_is_left_in_the_middle_was_on_the_way_back() -> None:
    message = stopped(back("rruu"), now(FIRST[2:]))
    assert "2 were left in the middle of their way back: 10, 15 (2 of them still run it)" in message


def test_a_model_that_leaves_its_version_open_is_warned_about() -> None:
    latest = OLD.model_copy(update={"version": "latest"})
    message = said(back(), Phase.ROLLED_BACK, "asked", inventory(INSTANCES.instances, image=latest))
    assert "its newest version, and that may be the one that failed" in message


def test_a_rollback_that_stopped_names_the_old_image_and_the_way_out() -> None:
    progress = back("rrdd")
    message = stopped(progress, inventory(now(FIRST[2:]).instances), "the rollback failed")
    assert message == (
        f"Stopped: the rollback failed. 2 instance(s) run {NEW} and are healthy: 10, 15; 2 were "
        f"rolled back: 0, 5; 16 were not touched. The scale set's image is {OLD}. Fix the cause, "
        "then roll back again."
    )


def test_who_went_back_and_is_not_healthy_is_named() -> None:
    there = changed(INSTANCES.instances, ["5"], health=Health.UNKNOWN)
    assert "of these, not healthy: 5" in stopped(back(), inventory(there))


def test_a_rollback_that_could_not_be_read_claims_no_image() -> None:
    message = final_message(back(), End(Phase.ROLLED_BACK, "asked"), known_last(back(), "no"))
    assert message == (
        "Rolled back: 4 instance(s) had gone back to the image they had and had been healthy. "
        "The scale set could not be read at the end: no. All this was known last. asked."
    )
