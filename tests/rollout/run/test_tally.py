"""What has become of every instance so far."""

import pytest
from builders import NEW, instance, inventory, policy

from rollout.base import Cell
from rollout.batch import GONE, BatchOutcome
from rollout.inventory import Instance
from rollout.plan import ON_TARGET, plan_batches
from rollout.plan.skip import PROTECTED
from rollout.run.tally import Tally


def cells(letters: str) -> dict[str, Cell]:
    """Cells of the instances 0, 1 and so on."""
    return {str(number): Cell(letter) for number, letter in enumerate(letters)}


def planned(tally: Tally, *there: Instance) -> Tally:
    plan = plan_batches(policy(), inventory(there), NEW)
    return tally.planned(plan, {each.instance_id: each for each in there})


def read(tally: Tally) -> str:
    """The cells in the order of the instances."""
    return "".join(tally.cells[instance_id] for instance_id in sorted(tally.cells))


def test_nothing_is_known_before_the_first_plan() -> None:
    assert (Tally().cells, Tally().failed, Tally().given_up, Tally().count(*Cell)) == (
        {},
        [],
        [],
        0,
    )


def test_after_a_plan_who_moves_is_pending_and_who_is_left_alone_has_a_reason() -> None:
    tally = planned(
        Tally(),
        instance(0),
        instance(1, image=NEW),
        instance(2, protect_from_scale_set_actions=True),
    )
    assert read(tally) == "pkk"
    assert tally.reasons == {"1": ON_TARGET, "2": PROTECTED}
    assert tally.touched == {}


@pytest.mark.parametrize(
    ("letter", "there", "after"),
    [
        pytest.param("p", [instance(0, image=NEW)], "k", id="pending, on the target now: skipped"),
        pytest.param("d", [instance(0, image=NEW)], "d", id="done stays done"),
        pytest.param("d", [instance(0)], "p", id="done, on the old image again: pending"),
        pytest.param("k", [instance(0)], "p", id="skipped, and to be moved now: pending"),
        pytest.param("p", [], "g", id="pending, and no longer there: gone"),
        pytest.param("d", [], "g", id="done, and no longer there: gone"),
        pytest.param("f", [], "f", id="failed stays failed: it counts"),
    ],
)
def test_when_planned_again(letter: str, there: list[Instance], after: str) -> None:
    assert read(planned(Tally(cells=cells(letter)), *there)) == after


def test_who_moves_after_all_has_no_reason_any_more() -> None:
    tally = Tally(cells=cells("kk"), reasons={"0": PROTECTED, "1": PROTECTED})
    again = planned(tally, instance(0), instance(1, protect_from_scale_set_actions=True))
    assert again.reasons == {"1": PROTECTED}


@pytest.mark.parametrize(
    ("letter", "touched"),
    [
        ("d", True),
        ("f", True),
        ("r", True),
        ("u", True),
        ("c", True),
        ("s", True),
        ("p", False),
        ("k", False),
        ("g", False),
    ],
)
def test_a_batch_touches_those_that_were_sent_to_azure(letter: str, *, touched: bool) -> None:
    tally = Tally(cells=cells("pp")).after(3, ["1"], BatchOutcome(cells=letter))
    assert tally.touched == ({"1": 3} if touched else {})
    assert read(tally) == f"p{letter}"


def test_the_last_batch_that_touched_an_instance_counts() -> None:
    tally = Tally(cells=cells("p")).after(1, ["0"], BatchOutcome(cells="f", reasons={"0": "ill"}))
    again = tally.after(4, ["0"], BatchOutcome(cells="d"))
    assert (again.touched, read(again)) == ({"0": 4}, "d")


def test_reasons_of_several_batches_are_kept() -> None:
    tally = Tally(cells=cells("pp")).after(1, ["0"], BatchOutcome(cells="f", reasons={"0": "ill"}))
    tally = tally.after(2, ["1"], BatchOutcome(cells="g", reasons={"1": GONE}))
    assert tally.reasons == {"0": "ill", "1": GONE}


def test_who_failed_is_known_in_order() -> None:
    assert Tally(cells=cells("fdffp")).failed == ["0", "2", "3"]


def test_instances_are_counted_by_their_states() -> None:
    tally = Tally(cells=cells("ddfkp"))
    assert (tally.count(Cell.DONE), tally.count(Cell.DONE, Cell.FAILED), tally.count()) == (2, 3, 0)


def test_who_is_skipped_after_a_failure_was_touched_and_is_given_up() -> None:
    tally = Tally(cells=cells("ppp")).after(1, ["0", "1", "2"], BatchOutcome(cells="ffd"))
    tally = tally.skipping(["1"], "was skipped by ann")
    assert (read(tally), tally.failed, tally.given_up) == ("fkd", ["0"], ["1"])
    assert tally.reasons["1"] == "was skipped by ann"


def test_who_was_never_touched_is_not_given_up() -> None:
    assert Tally(cells=cells("kg")).given_up == []


def test_instances_that_came_on_our_image_are_done_as_if_a_batch_had_done_so() -> None:
    tally = Tally(cells=cells("d"), touched={"0": 1}).joined_by(2, ["7", "8"])
    assert tally.cells == {"0": Cell.DONE, "7": Cell.DONE, "8": Cell.DONE}
    assert tally.touched == {"0": 1, "7": 2, "8": 2}
