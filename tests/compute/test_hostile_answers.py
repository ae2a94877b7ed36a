"""Answers that would have us leave Azure, read without end, or trip over them."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from paged_azure import WEB, PagedAzure, paged_azure, refused

from compute import scale_sets
from compute.scale_set_list import list_scale_sets
from rollout.base import ArmErrorKind, ArmFailure

PAGE = "virtualMachines$"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[PagedAzure]:
    with paged_azure(monkeypatch) as one:
        yield one


@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.2:{port}/next?api-version=1",
        "https://127.0.0.1:{port}/next",
        "http://127.0.0.1:1/next",
        "http://below.127.0.0.1:{port}/next",
        "http://me@evil.example/next",
        "ftp://127.0.0.1/next",
    ],
)
def test_the_token_stays_at_home(world: PagedAzure, link: str) -> None:
    port = world.url.rpartition(":")[2]
    world.fault("rewrite", pattern=PAGE, patch={"nextLink": link.format(port=port)})
    with pytest.raises(ArmFailure) as caught:
        scale_sets.read_inventory(WEB, "auto")
    assert caught.value.error.code == "ForeignHost"
    assert "?" not in caught.value.error.resource
    assert world.statuses("/virtualMachines") == [200]


def test_a_link_that_is_no_url_is_no_answer(world: PagedAzure) -> None:
    world.fault("rewrite", pattern=PAGE, patch={"nextLink": "http://[::1/next"})
    with pytest.raises(ArmFailure) as caught:
        scale_sets.read_inventory(WEB, "auto")
    assert caught.value.error.code == "UnreadableAnswerError"


def test_no_page_of_the_sdks_own_lists_leads_away_either(world: PagedAzure) -> None:
    patch = {"nextLink": "http://localhost:1/next"}
    world.fault("rewrite", path="virtualMachineScaleSets", patch=patch)
    with pytest.raises(ArmFailure) as caught:
        list_scale_sets(WEB.subscription, None)
    assert caught.value.error.code == "ForeignHost"


def test_no_operation_is_read_elsewhere(world: PagedAzure) -> None:
    with pytest.raises(ArmFailure) as caught:
        scale_sets.read_operation(WEB, f"{world.url}.evil.example/operations/1?s=SIGNATURE")
    assert caught.value.error.code == "ForeignHost"
    assert "SIGNATURE" not in str(caught.value.error)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(world: PagedAzure, status: int) -> None:
    to = {"Location": f"{world.url}{WEB}?api-version=1"}
    world.fault("rewrite", status=status, headers=to, count=2)
    assert refused().status == status
    with pytest.raises(ArmFailure):
        list_scale_sets(WEB.subscription, None)
    assert world.statuses() == [status, status]


@pytest.mark.parametrize("way", ["plain", "SDK"])
def test_a_list_that_goes_round_in_a_circle_ends(world: PagedAzure, way: str) -> None:
    path = f"{WEB}/virtualMachines" if way == "plain" else str(WEB).rpartition("/")[0]
    link = f"{world.url}{path}?api-version=2024-07-01"
    world.fault("rewrite", pattern=f"{path}$", patch={"nextLink": link}, count=100)
    read: partial[Any] = partial(list_scale_sets, WEB.subscription, WEB.resource_group)
    if way == "plain":
        read = partial(scale_sets.read_inventory, WEB, "auto")
    with pytest.raises(ArmFailure) as caught:
        read()
    assert caught.value.error.code == "EndlessListError"
    assert len(world.statuses()) < 10


@pytest.mark.parametrize("body", [None, [], "text", {}, {"value": None}, {"value": {}}])
def test_an_answer_that_is_no_list_is_no_answer(world: PagedAzure, body: object) -> None:
    world.fault("rewrite", pattern=PAGE, body=body)
    with pytest.raises(ArmFailure) as caught:
        scale_sets.read_inventory(WEB, "auto")
    assert (caught.value.error.kind, caught.value.error.code) == (
        ArmErrorKind.UNAVAILABLE,
        "UnreadableAnswerError",
    )
