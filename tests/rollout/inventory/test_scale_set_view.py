"""What people see of scale sets before there is a rollout."""

from collections.abc import Sequence
from typing import Any

import pytest
from builders import NEW, OLD, SCALE_SET, START, instance, scale_set, spread
from hypothesis import given
from hypothesis import strategies as st

from rollout.inventory import (
    Health,
    Image,
    Instance,
    RollingUpgrade,
    RollingUpgradeCounts,
    ScaleSetId,
    ScaleSetSummary,
    ScaleSetView,
)


def summary(**changes: Any) -> ScaleSetSummary:
    return ScaleSetSummary.of(scale_set(**changes))


def view(instances: Sequence[Instance], rolling: RollingUpgrade | None = None) -> ScaleSetView:
    return ScaleSetView.made(summary(), instances, rolling)


def rows(instances: Sequence[Instance]) -> list[list[str]]:
    return [row.instance_ids for row in view(instances).rows]


def test_a_scale_set_at_rest_under_policy_manual_can_be_rolled() -> None:
    line = summary()
    assert (line.rollable, line.reason, line.rollout_id) == (True, None, None)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"upgrade_policy": "Automatic"}, "/web is Automatic: changing its model alone"),
        ({"upgrade_policy": "Rolling"}, "/web is Rolling: changing its model alone"),
        ({"provisioning_state": "Updating"}, "/web is Updating: another operation runs on it"),
    ],
)
def test_one_that_would_be_refused_says_why(changes: dict[str, Any], reason: str) -> None:
    line = summary(**changes)
    assert not line.rollable
    assert reason in str(line.reason)


def test_one_with_an_active_rollout_names_it() -> None:
    line = summary().with_rollout("cve-1")
    assert (line.rollable, line.rollout_id) == (False, "cve-1")
    assert "'cve-1'" in str(line.reason)


def test_without_a_rollout_nothing_is_said_of_one() -> None:
    assert summary().with_rollout(None) == summary()


def test_the_order_is_by_resource_group_then_name_in_any_case() -> None:
    named = [("prod", "b"), ("DEMO", "z"), ("demo", "A"), ("Prod", "a")]
    made = [summary(id=ScaleSetId(SCALE_SET.subscription, *name)) for name in named]
    in_order = sorted(made, key=lambda line: line.order)
    assert [(line.resource_group, line.name) for line in in_order] == [
        ("demo", "A"), ("DEMO", "z"), ("Prod", "a"), ("prod", "b"),
    ]  # fmt: skip


def test_every_field_is_in_the_json_null_when_azure_does_not_say() -> None:
    line = summary().to_json()
    assert line["id"] == str(SCALE_SET)
    assert (line["name"], line["resourceGroup"]) == ("web", "demo")
    assert (line["vmSize"], line["reason"], line["rolloutId"]) == (None, None, None)
    assert line["image"] == OLD.to_json()
    assert view([]).to_json()["rollingUpgrade"] is None


def test_what_no_decision_needs_is_shown_as_it_was_told() -> None:
    line = ScaleSetSummary.of(scale_set(), zones=["1"], vm_size="Standard_D2s_v5", capacity=3)
    assert (line.zones, line.vm_size, line.capacity) == (["1"], "Standard_D2s_v5", 3)


def test_a_row_of_the_heat_map_is_an_update_domain_of_a_zone() -> None:
    shown = view(spread(4, update_domains=2, zones=2)).to_json()["rows"]
    assert shown == [
        {"zone": "1", "updateDomain": 0, "instanceIds": ["0"]},
        {"zone": "1", "updateDomain": 1, "instanceIds": ["1"]},
        {"zone": "2", "updateDomain": 0, "instanceIds": ["2"]},
        {"zone": "2", "updateDomain": 1, "instanceIds": ["3"]},
    ]


def test_where_there_is_nothing_better_a_row_is_a_fault_domain() -> None:
    assert rows(spread(4, None, fault_domains=2)) == [["0", "2"], ["1", "3"]]


@given(st.permutations(spread(13, update_domains=5, zones=3)))
def test_every_instance_is_in_one_row_in_the_order_of_its_number(shuffled: list[Instance]) -> None:
    shown = rows(shuffled)
    assert sorted(instance_id for row in shown for instance_id in row) == sorted(
        map(str, range(13))
    )
    assert all(row == sorted(row, key=int) for row in shown)
    assert [each.instance_id for each in view(shuffled).instances] == [str(n) for n in range(13)]


def test_images_are_counted_the_most_frequent_first() -> None:
    instances = [instance(0), instance(1, image=NEW), instance(2, image=NEW)]
    counted = [(count.image, count.instances) for count in view(instances).image_counts]
    assert counted == [(NEW, 2), (OLD, 1)]


def test_two_spellings_of_one_image_are_one_image() -> None:
    """Azure changes the case of ids."""
    spelled = [Image(id="/subscriptions/s/x"), Image(id="/Subscriptions/S/x")]
    counted = view([instance(n, image=image) for n, image in enumerate(spelled)]).image_counts
    assert [(count.image, count.instances) for count in counted] == [(spelled[0], 2)]


def test_every_health_is_counted_also_those_nobody_is_in() -> None:
    instances = [instance(0), instance(1, health=Health.UNKNOWN), instance(2)]
    assert view(instances).to_json()["healthCounts"] == {
        "healthy": 2, "unhealthy": 0, "unknown": 1, "initializing": 0,
    }  # fmt: skip


def test_a_scale_set_without_instances_has_no_rows_and_no_images() -> None:
    empty = view([])
    assert (empty.instances, empty.rows, empty.image_counts) == ([], [], [])
    assert set(empty.health_counts.values()) == {0}


def test_azures_own_rolling_upgrade_is_shown_with_its_counts() -> None:
    counts = RollingUpgradeCounts(successful=2, in_progress=1)
    rolling = RollingUpgrade(code="RollingForward", start_time=START, counts=counts)
    assert view([], rolling).to_json()["rollingUpgrade"] == {
        "code": "RollingForward",
        "startTime": "2026-07-01T12:00:00Z",
        "counts": {"successful": 2, "failed": 0, "inProgress": 1, "pending": 0},
    }


def test_a_view_with_a_rollout_stays_a_view() -> None:
    shown = view(spread(2)).with_rollout("r1")
    assert (shown.rollout_id, len(shown.instances)) == ("r1", 2)
