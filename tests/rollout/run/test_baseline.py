"""What every instance was before the rollout touched it."""

from collections.abc import Mapping

from builders import NEW, OLD, instance, inventory, unhealthy

from rollout.inventory import Instance
from rollout.run.baseline import Baseline


def by_id(*instances: Instance) -> Mapping[str, Instance]:
    return {each.instance_id: each for each in instances}


THERE = by_id(instance(0, 0), unhealthy(instance(1, 1)), unhealthy(instance(2, 2)), instance(3, 3))


def test_the_first_look_keeps_the_selected_and_notes_who_else_is_there() -> None:
    baseline = Baseline().joined_by(["0", "1"], THERE)
    assert dict(baseline.instances) == by_id(THERE["0"], THERE["1"])
    assert baseline.known == {"0", "1", "2", "3"}
    assert dict(baseline.elsewhere) == by_id(THERE["2"], THERE["3"])
    assert baseline.unhealthy == ["1", "2"]


def test_an_instance_stays_as_it_was_when_it_was_seen_first() -> None:
    later = by_id(instance(0, 0, image=NEW, health="unhealthy"))
    baseline = Baseline().joined_by(["0"], by_id(instance(0, 0))).joined_by(["0"], later)
    assert (baseline.instances["0"].image, baseline.unhealthy) == (OLD, [])


def test_an_instance_stands_where_it_stands_now() -> None:
    moved = instance(0, 4, zone="2", fault_domain=1, placement_group_id="group-1", image=NEW)
    baseline = Baseline().joined_by(["0"], by_id(instance(0, 0))).joined_by(["0"], by_id(moved))
    assert baseline.instances["0"] == moved.model_copy(update={"image": OLD})


def test_an_instance_that_vanishes_stays_known() -> None:
    baseline = Baseline().joined_by(["0", "3"], THERE).joined_by(["3"], by_id(THERE["3"]))
    assert list(baseline.instances) == ["0", "3"]


def test_an_instance_that_comes_later_joins_as_it_came_and_was_not_known_before() -> None:
    comer = unhealthy(instance(9, 1))
    later = {**THERE, "9": comer}
    baseline = Baseline().joined_by(["0"], THERE).joined_by(["0", "9"], later)
    assert baseline.instances["9"] == comer
    assert "9" not in baseline.known
    assert baseline.unhealthy == ["9", "1", "2"]


def test_who_falls_ill_elsewhere_later_counts_against_the_budget() -> None:
    later = {**THERE, "3": unhealthy(instance(3, 3))}
    baseline = Baseline().joined_by(["0"], THERE).joined_by(["0"], later)
    assert baseline.unhealthy == ["1", "2"]


def test_of_an_empty_selection_who_is_there_is_known_all_the_same() -> None:
    baseline = Baseline().joined_by([], THERE)
    assert (dict(baseline.instances), baseline.known) == ({}, {"0", "1", "2", "3"})
    later = {**THERE, "9": unhealthy(instance(9, 1))}
    assert baseline.joined_by([], later) == baseline


def test_instances_can_be_excluded_from_the_budget_when_a_rollback_begins() -> None:
    baseline = Baseline().joined_by(["1"], THERE).excluding(["3"])
    assert baseline.unhealthy == ["1", "2", "3"]


def test_of_a_rollout_that_has_ended_everybody_is_known() -> None:
    later = {**THERE, "9": instance(9, 1)}
    baseline = Baseline().joined_by(["0"], THERE).joined_by(["0", "9"], later)
    read = Baseline.unpack(baseline.pack(inventory(list(later.values()))))
    assert dict(read.instances) == by_id(THERE["0"], later["9"])
    assert (read.known, read.unhealthy) == ({"0", "1", "2", "3"}, ["1", "2"])
    assert (read.before("9"), read.before("3")) == (None, THERE["3"])


def test_the_inventory_before_is_the_scale_set_now_with_its_instances_as_they_were() -> None:
    now = inventory([instance(0, 0, image=NEW), instance(1, 1)], image=NEW)
    before = Baseline().joined_by(["0"], by_id(instance(0, 0))).inventory(now)
    assert (before.scale_set, before.instances) == (now.scale_set, [instance(0, 0)])
