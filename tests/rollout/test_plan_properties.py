"""What holds of every plan, for any fleet and any policy."""

from itertools import groupby

from builders import NEW
from hypothesis import given
from hypothesis import strategies as st
from strategies import fleets, policies

from rollout.amount import share_of
from rollout.fleet import Fleet, Instance
from rollout.plan import Batch, Plan, batch_cap, plan_batches
from rollout.request import Policy
from rollout.selection import selected
from rollout.skip import skip_reason

type Place = tuple[str, int, int]


def _plan(rules: Policy, there: Fleet) -> Plan:
    return plan_batches(rules, there, NEW)


def _members(batch: Batch, there: Fleet) -> list[Instance]:
    by_id = {one.instance_id: one for one in there.instances}
    return [by_id[one] for one in batch.instance_ids]


def _place(batch: Batch) -> Place:
    """Sorts as domains do: by zone, then by number, those that have none first."""
    update_domain, fault_domain = batch.update_domain, batch.fault_domain
    return (
        batch.zone or "",
        -1 if update_domain is None else update_domain,
        -1 if fault_domain is None else fault_domain,
    )


@given(policies(), fleets())
def test_every_selected_instance_is_exactly_once_in_a_batch_or_skipped(
    rules: Policy, there: Fleet
) -> None:
    plan = _plan(rules, there)
    planned = [*plan.instance_ids, *(skip.instance_id for skip in plan.skipped)]
    assert sorted(planned) == sorted(one.instance_id for one in selected(rules, there))
    assert plan.total == len(planned)


@given(policies(), fleets())
def test_every_skipped_instance_has_its_reason(rules: Policy, there: Fleet) -> None:
    by_id = {one.instance_id: one for one in there.instances}
    for skip in _plan(rules, there).skipped:
        assert skip.reason == skip_reason(by_id[skip.instance_id], NEW, flexible=False)


@given(policies(), fleets())
def test_no_batch_touches_what_is_protected_or_through(rules: Policy, there: Fleet) -> None:
    for batch in _plan(rules, there).batches:
        members = _members(batch, there)
        assert not any(one.protected or one.off or one.runs(NEW) for one in members)


@given(policies(), fleets())
def test_no_batch_spans_two_update_domains_or_two_zones(rules: Policy, there: Fleet) -> None:
    for batch in _plan(rules, there).batches:
        places = {(one.zone, one.update_domain) for one in _members(batch, there)}
        assert places == {(batch.zone, batch.update_domain)}


@given(policies(), fleets())
def test_no_batch_spans_two_fault_domains_when_it_says_it_is_in_one(
    rules: Policy, there: Fleet
) -> None:
    for batch in _plan(rules, there).batches:
        if batch.fault_domain is not None:
            assert {one.fault_domain for one in _members(batch, there)} == {batch.fault_domain}


@given(policies(), fleets())
def test_no_batch_is_empty_or_above_the_cap(rules: Policy, there: Fleet) -> None:
    cap = share_of(rules.max_batch_instances, len(there.instances))
    assert all(1 <= len(batch.instance_ids) <= cap for batch in _plan(rules, there).batches)


@given(policies(), fleets())
def test_no_batch_takes_everything_that_runs_unless_that_is_one(
    rules: Policy, there: Fleet
) -> None:
    running = {one.instance_id for one in there.instances if not one.off}
    for batch in _plan(rules, there).batches:
        assert len(running) == 1 or running - set(batch.instance_ids)


@given(policies(), fleets())
def test_domains_come_in_order_and_are_never_returned_to(rules: Policy, there: Fleet) -> None:
    visits = [place for place, _ in groupby(_plan(rules, there).batches, key=_place)]
    assert visits == sorted(set(visits))


@given(policies(), fleets())
def test_a_placement_group_that_fits_into_a_batch_is_not_split(rules: Policy, there: Fleet) -> None:
    cap = batch_cap(rules, there)
    without_canary = rules.model_copy(update={"canary": None})
    batches = _plan(without_canary, there).batches
    for _, domain in groupby(batches, key=_place):
        sizes: dict[str | None, list[int]] = {}
        for batch in domain:
            groups = [one.placement_group for one in _members(batch, there)]
            for group in set(groups):
                sizes.setdefault(group, []).append(groups.count(group))
        assert all(len(parts) == 1 for parts in sizes.values() if sum(parts) <= cap)


@given(policies(), fleets())
def test_batches_are_numbered_and_only_the_first_may_be_the_canary(
    rules: Policy, there: Fleet
) -> None:
    batches = _plan(rules, there).batches
    assert [batch.number for batch in batches] == list(range(1, len(batches) + 1))
    canary = rules.canary is not None
    assert [batch.canary for batch in batches] == [canary, *[False] * len(batches)][: len(batches)]


@given(policies(), fleets())
def test_the_worst_moment_is_as_printed(rules: Policy, there: Fleet) -> None:
    plan = _plan(rules, there)
    total = len(there.instances)
    down = max((len(batch.instance_ids) for batch in plan.batches), default=0)
    left = sum(not one.off for one in there.instances) - down
    assert (plan.worst_case_down, plan.worst_case_capacity) == (down, left)
    assert plan.worst_case_capacity_percent * total <= 100 * left or not total
    assert (plan.worst_case_capacity_percent + 1) * total > 100 * left or not total


@given(policies(), fleets(), st.data())
def test_the_order_of_the_list_of_instances_does_not_matter(
    rules: Policy, there: Fleet, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(there.instances))
    assert _plan(rules, there.model_copy(update={"instances": shuffled})) == _plan(rules, there)


@given(policies(), fleets())
def test_planning_twice_gives_the_same_plan(rules: Policy, there: Fleet) -> None:
    assert _plan(rules, there) == _plan(rules, there)


@given(policies(), fleets())
def test_when_everything_planned_is_through_nothing_is_left_to_plan(
    rules: Policy, there: Fleet
) -> None:
    moved = set(_plan(rules, there).instance_ids)
    after = [
        one.model_copy(update={"image": NEW, "provisioning_state": "Succeeded"})
        if one.instance_id in moved
        else one
        for one in there.instances
    ]
    assert _plan(rules, there.model_copy(update={"instances": after})).batches == []
