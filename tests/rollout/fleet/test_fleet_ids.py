"""The ids of fleet rollouts, of their waves and of their rollouts."""

import re

import pytest

from rollout.base import KNOWN_ID
from rollout.fleet import fleet_id_of, fleet_of, rollout_id_of, wave_id
from rollout.inventory import ScaleSetId

WEB = ScaleSetId("s-1", "demo", "Web")
VERSION = (
    "/subscriptions/s-1/resourceGroups/demo/providers/Microsoft.Compute/galleries/g/images/Web"
    "/versions/1.0.7"
)
LONGEST = VERSION.replace("/Web/", f"/{'w' * 80}/")


def test_the_rollout_of_a_scale_set_has_the_same_id_whenever_it_is_asked_for() -> None:
    spelled = ScaleSetId("S-1", "DEMO", "WEB")
    assert rollout_id_of("f1", WEB) == rollout_id_of("f1", spelled)
    assert rollout_id_of("f1", WEB).startswith("f1~web~")


@pytest.mark.parametrize(
    "other",
    [
        ScaleSetId("s-2", "demo", "Web"),
        ScaleSetId("s-1", "prod", "Web"),
        ScaleSetId("s-1", "demo", "web" + "x" * 27 + "-1"),
    ],
)
def test_another_scale_set_has_another_rollout(other: ScaleSetId) -> None:
    assert rollout_id_of("f1", other) != rollout_id_of("f1", WEB)
    twin = ScaleSetId(other.subscription, other.resource_group, other.name + "2")
    assert rollout_id_of("f1", other) != rollout_id_of("f1", twin)


def test_the_longest_names_make_an_id_that_a_rollout_may_have() -> None:
    longest = ScaleSetId("s" * 64, "g" * 90, "N" * 90)
    assert re.fullmatch(KNOWN_ID, rollout_id_of("f" * 60, longest))
    assert re.fullmatch(KNOWN_ID, rollout_id_of(fleet_id_of(LONGEST, "1" * 40, 20), longest))


def test_the_fleet_rollout_of_a_version_has_the_same_id_whenever_it_is_published() -> None:
    found = fleet_id_of(VERSION, "1.0.7")
    assert found == fleet_id_of(VERSION.replace("resourceGroups", "resourcegroups"), "1.0.7")
    assert found.startswith("web~1.0.7~")


@pytest.mark.parametrize(
    ("version_id", "version"),
    [
        pytest.param(VERSION, "1.0.7", id="an ordinary one"),
        pytest.param(LONGEST, "1" * 40, id="a long one"),
        pytest.param(VERSION.replace("/Web/", "/wé(b)/"), "1.0.7", id="one with odd letters"),
        pytest.param("no gallery image", "1.0.7", id="what is none"),
    ],
)
def test_a_version_makes_an_id_that_a_fleet_rollout_may_have(version_id: str, version: str) -> None:
    assert re.fullmatch(KNOWN_ID, fleet_id_of(version_id, version))


def test_another_version_has_another_fleet_rollout() -> None:
    other = VERSION.replace("/demo/", "/prod/")
    assert fleet_id_of(VERSION, "1.0.7") != fleet_id_of(other, "1.0.7")


def test_waves_are_told_apart_by_their_number_and_their_way() -> None:
    assert wave_id("f1", 2) == "f1:wave-2"
    assert wave_id("f1", 2, rolling_back=True) == "f1:rollback-2"


@pytest.mark.parametrize("rolling_back", [False, True])
def test_a_wave_knows_its_fleet_rollout(*, rolling_back: bool) -> None:
    assert fleet_of(wave_id("f.1-x", 12, rolling_back=rolling_back)) == "f.1-x"
