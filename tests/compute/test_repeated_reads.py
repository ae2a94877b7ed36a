"""A read is repeated when that is safe and soon; nothing else is."""

from collections.abc import Iterator

import pytest
from paged_azure import WEB, PagedAzure, paged_azure, refused

from compute import scale_sets
from compute.scale_set_list import list_scale_sets, view_scale_set
from compute.waiting import LONGEST_SECONDS, waiting
from local.arm.model.spec import ScaleSetSpec
from rollout.base import LONGEST_WAIT, ArmErrorKind, ArmFailure
from rollout.inventory import ScaleSetId


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[PagedAzure]:
    with paged_azure(monkeypatch) as one:
        yield one


def test_only_the_page_that_was_throttled_is_read_again(world: PagedAzure) -> None:
    world.fault("throttle", retryAfter=2, pattern="virtualMachines$", skip=2, count=1)
    instances = scale_sets.read_inventory(WEB, "auto").instances
    assert [one.instance_id for one in instances] == ["0", "1", "2", "3"]
    assert world.slept == [2]
    assert world.statuses("/virtualMachines") == [200, 200, 429, 200, 200]


@pytest.mark.parametrize("way", ["plain", "SDK"])
def test_both_ways_to_read_are_repeated(world: PagedAzure, way: str) -> None:
    world.fault("throttle", retryAfter=1, count=2)
    if way == "plain":
        scale_sets.read_scale_set(WEB)
    else:
        list_scale_sets(WEB.subscription, None)
    assert world.statuses() == [429, 429, 200]


def test_503_is_repeated_if_it_says_when(world: PagedAzure) -> None:
    world.fault("rewrite", status=503, headers={"Retry-After": "3"})
    scale_sets.read_scale_set(WEB)
    assert world.slept == [3]
    world.fault("serverError", status=503)
    assert refused().status == 503


def test_a_wait_that_is_too_long_is_for_a_durable_timer(world: PagedAzure) -> None:
    world.fault("throttle", retryAfter=int(LONGEST_SECONDS) + 1)
    assert refused().retry_after == LONGEST_SECONDS + 1
    assert world.slept == []


def test_all_reads_of_one_activity_share_the_time(world: PagedAzure) -> None:
    world.fault("throttle", retryAfter=4, rate=1)
    with waiting():
        assert refused().status == 429
        assert refused().status == 429
    assert world.slept == [4, 4]


def test_the_machines_of_a_flexible_scale_set_are_read_again_each(world: PagedAzure) -> None:
    spec = ScaleSetSpec(name="flexible", capacity=9, orchestration_mode="Flexible")
    flexible = ScaleSetId.parse(world.azure.add_scale_set(spec))
    world.fault("throttle", retryAfter=1, pattern="/virtualMachines/", rate=0.5)
    assert len(view_scale_set(flexible).rows) > 0
    assert 429 in world.statuses("/virtualMachines")


def test_what_changes_something_is_never_repeated(world: PagedAzure) -> None:
    world.fault("throttle", retryAfter=1, method="POST")
    with pytest.raises(ArmFailure):
        scale_sets.start_upgrade(WEB, ["0"])
    assert (world.slept, world.statuses()) == ([], [429])


@pytest.mark.parametrize("text", ["inf", "1e300", "604800", "-1", "nan", "tomorrow"])
def test_no_wait_that_azure_asks_for_breaks_anything(world: PagedAzure, text: str) -> None:
    world.fault("rewrite", status=429, headers={"Retry-After": text}, count=20)
    error = refused()
    assert error.retry_after is None or 0 <= error.retry_after <= LONGEST_WAIT.total_seconds()
    assert error.as_problem().status == 503


def test_a_wait_longer_than_ours_is_told(world: PagedAzure) -> None:
    world.fault("throttle", retryAfter=4000)
    error = refused()
    assert error.retry_after == 1200
    assert "Azure asks to wait for 4000 s; this app waits for 20 min" in str(error)


def test_a_token_that_is_refused_is_asked_for_again(world: PagedAzure) -> None:
    scale_sets.read_scale_set(WEB)
    world.fault("denied", status=401)
    scale_sets.read_scale_set(WEB)
    assert world.statuses() == [200, 401, 200]
    assert sum(world.azure.tokens.values()) == 2


def test_tokens_that_are_refused_again_and_again_are_waited_for(world: PagedAzure) -> None:
    world.fault("denied", status=401, count=9)
    error = refused()
    assert (error.kind, error.as_problem().status) == (ArmErrorKind.UNAVAILABLE, 503)
    assert world.statuses() == [401] * 3


def test_a_change_whose_token_is_refused_is_not_sent_again_at_once(world: PagedAzure) -> None:
    world.fault("denied", status=401, method="POST")
    with pytest.raises(ArmFailure) as caught:
        scale_sets.start_upgrade(WEB, ["0"])
    assert caught.value.error.kind is ArmErrorKind.UNAVAILABLE
    assert world.statuses() == [401]
    scale_sets.start_upgrade(WEB, ["0"])
    assert sum(world.azure.tokens.values()) == 2
