"""What holds of every plan, for any inventory and any policy."""

from itertools import groupby

from builders import NEW
from hypothesis import given
from hypothesis import strategies as st
from strategies import inventories, policies

from rollout.base import share_of
from rollout.inventory import Instance, Inventory
from rollout.plan import Batch, Plan, Policy, plan_batches
from rollout.plan.batches import batch_cap
from rollout.plan.selection import selected
from rollout.plan.skip import skip_reason

type Place = tuple[str, int, int]


def _plan(rules: Policy, there: Inventory) -> Plan:
    return plan_batches(rules, there, NEW)


def _members(batch: Batch, there: Inventory) -> list[Instance]:
    by_id = {instance.instance_id: instance for instance in there.instances}
    return [by_id[instance_id] for instance_id in batch.instance_ids]


def _place(batch: Batch) -> Place:
    """Sorts as domains do: by zone, then by number, those that have none first."""
    update_domain, fault_domain = batch.update_domain, batch.fault_domain
    return (
        batch.zone or "",
        -1 if update_domain is None else update_domain,
        -1 if fault_domain is None else fault_domain,
    )


@given(policies(), inventories())
def test_every_selected_instance_is_exactly_once_in_a_batch_or_skipped(
    rules: Policy, there: Inventory
) -> None:
    plan = _plan(rules, there)
    planned = [*plan.instance_ids, *(skip.instance_id for skip in plan.skipped)]
    assert sorted(planned) == sorted(instance.instance_id for instance in selected(rules, there))
    assert plan.total == len(planned)


@given(policies(), inventories())
def test_every_skipped_instance_has_its_reason(rules: Policy, there: Inventory) -> None:
    by_id = {instance.instance_id: instance for instance in there.instances}
    for skip in _plan(rules, there).skipped:
        assert skip.reason == skip_reason(by_id[skip.instance_id], NEW, flexible=False)


@given(policies(), inventories())
def test_no_batch_touches_what_is_protected_or_through(rules: Policy, there: Inventory) -> None:
    for batch in _plan(rules, there).batches:
        members = _members(batch, there)
        assert not any(
            instance.protect_from_scale_set_actions or instance.off or instance.runs(NEW)
            for instance in members
        )


@given(policies(), inventories())
def test_no_batch_spans_two_update_domains_or_two_zones(rules: Policy, there: Inventory) -> None:
    for batch in _plan(rules, there).batches:
        places = {(instance.zone, instance.update_domain) for instance in _members(batch, there)}
        assert places == {(batch.zone, batch.update_domain)}


@given(policies(), inventories())
def test_no_batch_spans_two_fault_domains_when_it_says_it_is_in_one(
    rules: Policy, there: Inventory
) -> None:
    for batch in _plan(rules, there).batches:
        if batch.fault_domain is not None:
            assert {instance.fault_domain for instance in _members(batch, there)} == {
                batch.fault_domain
            }


@given(policies(), inventories())
def test_no_batch_is_empty_or_above_the_cap(rules: Policy, there: Inventory) -> None:
    cap = share_of(rules.max_batch_instances, len(there.instances))
    assert all(1 <= len(batch.instance_ids) <= cap for batch in _plan(rules, there).batches)


@given(policies(), inventories())
def test_no_batch_takes_everything_that_runs_unless_that_is_one(
    rules: Policy, there: Inventory
) -> None:
    running = {instance.instance_id for instance in there.instances if not instance.off}
    for batch in _plan(rules, there).batches:
        assert len(running) == 1 or running - set(batch.instance_ids)


@given(policies(), inventories())
def test_domains_come_in_order_and_are_never_returned_to(rules: Policy, there: Inventory) -> None:
    visits = [place for place, _ in groupby(_plan(rules, there).batches, key=_place)]
    assert visits == sorted(set(visits))


@given(policies(), inventories())
def test_a_placement_group_that_fits_into_a_batch_is_not_split(
    rules: Policy, there: Inventory
) -> None:
    cap = batch_cap(rules, there)
    without_canary = rules.model_copy(update={"canary": None})
    batches = _plan(without_canary, there).batches
    for _, domain in groupby(batches, key=_place):
        sizes: dict[str | None, list[int]] = {}
        for batch in domain:
            groups = [instance.placement_group_id for instance in _members(batch, there)]
            for group in set(groups):
                sizes.setdefault(group, []).append(groups.count(group))
        assert all(len(parts) == 1 for parts in sizes.values() if sum(parts) <= cap)


@given(policies(), inventories())
def test_batches_are_numbered_and_only_the_first_may_be_the_canary(
    rules: Policy, there: Inventory
) -> None:
    batches = _plan(rules, there).batches
    assert [batch.number for batch in batches] == list(range(1, len(batches) + 1))
    canary = rules.canary is not None
    assert [batch.canary for batch in batches] == [canary, *[False] * len(batches)][: len(batches)]


@given(policies(), inventories())
def test_the_worst_moment_is_as_printed(rules: Policy, there: Inventory) -> None:
    plan = _plan(rules, there)
    total = len(there.instances)
    down = max((len(batch.instance_ids) for batch in plan.batches), default=0)
    left = sum(not instance.off for instance in there.instances) - down
    assert (plan.worst_case_down, plan.worst_case_capacity) == (down, left)
    assert plan.worst_case_capacity_percent * total <= 100 * left or not total
    assert (plan.worst_case_capacity_percent + 1) * total > 100 * left or not total


@given(policies(), inventories(), st.data())
def test_the_order_of_the_list_of_instances_does_not_matter(
    rules: Policy, there: Inventory, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(there.instances))
    assert _plan(rules, there.model_copy(update={"instances": shuffled})) == _plan(rules, there)


@given(policies(), inventories())
def test_planning_twice_gives_the_same_plan(rules: Policy, there: Inventory) -> None:
    assert _plan(rules, there) == _plan(rules, there)


@given(policies(), inventories())
def test_when_everything_planned_is_through_nothing_is_left_to_plan(
    rules: Policy, there: Inventory
) -> None:
    moved = set(_plan(rules, there).instance_ids)
    after = [
        instance.model_copy(update={"image": NEW, "provisioning_state": "Succeeded"})
        if instance.instance_id in moved
        else instance
        for instance in there.instances
    ]
    assert _plan(rules, there.model_copy(update={"instances": after})).batches == []
