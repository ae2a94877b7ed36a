"""The ground truth catches whatever a rollout must never do."""

from datetime import UTC, datetime, timedelta

import pytest
from arm_world import NEWER, World
from hypothesis import given
from hypothesis import strategies as st

from local.arm.base.interval import FOREVER, Interval, peak, union
from local.arm.model.fault import BadImage, SlowBoot, UpgradeFails

START = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 20).map(lambda second: START + timedelta(seconds=second))


def lasting(start: datetime, seconds: int) -> Interval:
    return Interval(start, start + timedelta(seconds=seconds))


intervals = st.builds(lasting, moments, st.integers(1, 8))


@given(st.lists(intervals, max_size=12))
def test_the_peak_is_the_most_intervals_any_instant_is_in(listed: list[Interval]) -> None:
    instants = [START + timedelta(seconds=second) for second in range(30)]
    assert peak(listed) == max(sum(at in one for one in listed) for at in instants)


@given(st.lists(intervals, max_size=12), moments)
def test_a_union_covers_the_same_instants_without_overlap(
    listed: list[Interval], at: datetime
) -> None:
    joined = union(listed)
    assert any(at in one for one in joined) == any(at in one for one in listed)
    assert peak(joined) <= 1


def test_intervals_that_touch_do_not_overlap() -> None:
    middle = START + timedelta(seconds=5)
    assert peak([Interval(START, middle), Interval(middle, FOREVER)]) == 1


@pytest.fixture
def rolling(world: World) -> World:
    """20 instances in 5 update domains; 60 s to upgrade, 30 s to boot."""
    world.add()
    world.roll_model()
    return world


def domain(number: int) -> list[str]:
    return [str(one) for one in range(number, 20, 5)]


def test_domain_after_domain_violates_nothing(rolling: World) -> None:
    for number in range(5):
        rolling.upgrade(*domain(number))
        rolling.pass_time(90)
    truth = rolling.truth()
    assert truth["violations"] == []
    assert truth["peakDown"] == 4
    assert truth["peakDownByUpdateDomain"] == {"0": 4, "1": 4, "2": 4, "3": 4, "4": 4}
    assert {one["image"].split(":")[3] for one in truth["instances"]} == {NEWER}
    assert {one["upgrades"] for one in truth["instances"]} == {1}


def test_going_on_while_instances_still_boot_is_a_violation(rolling: World) -> None:
    rolling.upgrade("0", "5")
    rolling.pass_time(75)
    rolling.upgrade("1")
    (violation,) = rolling.truth()["violations"]
    assert "two update domains down at once: 0, 1; instances 1 went down" in violation
    assert violation.startswith("2026-01-01T00:01:25Z")
    assert rolling.truth()["peakDown"] == 3


def test_peaks_are_exact_however_long_time_was_skipped(rolling: World) -> None:
    rolling.upgrade("0", "5", "10")
    rolling.pass_time(3600)
    rolling.upgrade("15")
    rolling.pass_time(3600)
    assert rolling.truth()["peakDown"] == 3
    assert not any(one["down"] for one in rolling.truth()["instances"])


def test_an_instance_on_a_bad_image_is_down_for_good(rolling: World) -> None:
    rolling.fault(BadImage(version=NEWER))
    rolling.upgrade("0")
    rolling.pass_time(36000)
    rolling.upgrade("5")
    rolling.pass_time(36000)
    truth = rolling.truth()
    assert truth["peakDown"] == 2
    assert [one["instanceId"] for one in truth["instances"] if one["down"]] == ["0", "5"]


def test_an_instance_put_back_on_a_good_image_serves_again(rolling: World) -> None:
    rolling.fault(BadImage(version=NEWER))
    rolling.upgrade("0")
    rolling.pass_time(600)
    rolling.set_image("14.04.201506100")
    rolling.pass_time(10)
    rolling.upgrade("0")
    rolling.pass_time(90)
    truth = rolling.truth()
    assert (truth["peakDown"], truth["violations"]) == (1, [])
    assert not truth["instances"][0]["down"]
    assert truth["instances"][0]["upgrades"] == 2


def test_an_instance_whose_upgrade_failed_is_down_until_it_is_repeated(rolling: World) -> None:
    rolling.fault(UpgradeFails(instance_ids=("0",)))
    rolling.upgrade("0")
    rolling.pass_time(600)
    assert rolling.truth()["instances"][0]["down"]
    rolling.azure.clear_faults()
    rolling.upgrade("0")
    rolling.pass_time(90)
    assert not rolling.truth()["instances"][0]["down"]


def test_a_slow_boot_counts_as_down_to_its_end(rolling: World) -> None:
    rolling.fault(SlowBoot(instance_ids=("0",), seconds=500))
    rolling.upgrade("0")
    rolling.pass_time(559)
    assert rolling.truth()["instances"][0]["down"]
    rolling.pass_time(1)
    assert not rolling.truth()["instances"][0]["down"]


def test_a_slow_boot_ends_with_the_next_upgrade(rolling: World) -> None:
    rolling.fault(SlowBoot(instance_ids=("0",), seconds=500))
    rolling.upgrade("0")
    rolling.pass_time(120)
    rolling.azure.clear_faults()
    rolling.roll_model("14.04.201509010")
    rolling.upgrade("0")
    rolling.pass_time(90)
    first = rolling.truth()["instances"][0]
    assert (first["down"], first["upgrading"]) == (False, False)


def test_two_zones_down_at_once_is_a_violation(world: World) -> None:
    world.add(zones=("1", "2"), capacity=10)
    world.roll_model()
    world.upgrade("0", "1")
    (violation,) = world.truth()["violations"]
    assert "two zones down at once: 1, 2" in violation
    assert world.truth()["peakDownByUpdateDomain"]["1/0"] == 1


def test_an_empty_list_takes_the_fleet_and_is_a_violation(rolling: World) -> None:
    assert rolling.upgrade().status_code == 202
    violations = rolling.truth()["violations"]
    assert any("empty list sent" in one for one in violations)
    assert rolling.truth()["peakDown"] == 20


def test_a_fleet_wide_call_is_a_violation_and_spares_protected_instances(world: World) -> None:
    world.add(protected=("3",))
    world.roll_model()
    assert world.upgrade("*").status_code == 202
    assert any("fleet-wide call" in one for one in world.truth()["violations"])
    assert world.truth()["instances"][3]["upgrades"] == 0
    assert world.truth()["peakDown"] == 19


def test_naming_a_protected_instance_is_a_violation(world: World) -> None:
    world.add(protected=("3",))
    world.roll_model()
    world.upgrade("3")
    (violation,) = world.truth()["violations"]
    assert "protected instance named: instances 3" in violation


def test_policy_automatic_takes_every_instance_down_at_once(world: World) -> None:
    world.add(upgrade_policy="Automatic", protected=("0",))
    world.publish()
    operation = world.set_image().headers["azure-asyncoperation"]
    truth = world.truth()
    assert truth["peakDown"] == 19
    assert any("model changed under upgrade policy Automatic" in one for one in truth["violations"])
    assert any("two update domains down at once" in one for one in truth["violations"])
    world.pass_time(59)
    assert world.call("GET", operation).json()["status"] == "InProgress"


def test_policy_rolling_goes_on_by_itself_domain_by_domain(world: World) -> None:
    world.add(upgrade_policy="Rolling")
    world.publish()
    world.set_image()
    assert world.truth()["peakDown"] == 4
    world.pass_time(5 * 90)
    truth = world.truth()
    assert {one["upgrades"] for one in truth["instances"]} == {1}
    assert truth["peakDown"] == 4
    assert len(truth["violations"]) == 1
    assert "model changed under upgrade policy Rolling" in truth["violations"][0]


def test_illness_beside_an_upgrade_is_nobodys_doing(rolling: World) -> None:
    rolling.upgrade("0")
    rolling.pass_time(600)
    rolling.upgrade("1")
    rolling.pass_time(10)
    rolling.fault(BadImage(version=NEWER))
    rolling.pass_time(600)
    truth = rolling.truth()
    assert (truth["peakDown"], truth["peakUpgrading"], truth["violations"]) == (2, 1, [])


def test_an_upgrade_beside_an_illness_is_a_violation(rolling: World) -> None:
    rolling.upgrade("0")
    rolling.pass_time(600)
    rolling.fault(BadImage(version=NEWER))
    rolling.pass_time(10)
    rolling.upgrade("1")
    (violation,) = rolling.truth()["violations"]
    assert "instances 1 went down" in violation
