"""Ids that callers choose, and ids of ours."""

import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rollout.base import KNOWN_ID, our_id, rollout_id
from rollout.fleet import FleetRolloutRequest, fleet_id_of, rollout_id_of
from rollout.follow import follow_id
from rollout.inventory import ScaleSetId
from rollout.plan import RolloutRequest

WEB = ScaleSetId("s-1", "demo", "web")
IMAGE = {"version": "2"}
FLEET = {"image": IMAGE, "waves": [{"name": "w", "scaleSets": [str(WEB)]}]}
DEFINITION = (
    "/subscriptions/s-1/resourceGroups/demo/providers/Microsoft.Compute/galleries/g/images/web"
)
VERSION_ID = f"{DEFINITION}/versions/1.0.7"


def asked_id(text: str) -> str | None:
    body = {"id": text, "scaleSet": str(WEB), "image": IMAGE}
    return RolloutRequest.from_request(body).id


def asked_fleet_id(text: str) -> str | None:
    return FleetRolloutRequest.from_request({**FLEET, "id": text}).id


@pytest.mark.parametrize("text", ["R1", "r1", "Web.2026-07", "follow-me", "fleet-1.web.0a1b2c"])
def test_an_id_is_the_same_in_any_case_of_letters(text: str) -> None:
    assert asked_id(text) == asked_fleet_id(text) == text.lower()


@pytest.mark.parametrize(
    "ours",
    [
        pytest.param(follow_id(DEFINITION), id="of a followed image"),
        pytest.param(fleet_id_of(VERSION_ID, "1.0.7"), id="of a version's fleet rollout"),
        pytest.param(rollout_id_of("f1", WEB), id="of a member"),
        pytest.param(our_id("web", "0123abcd"), id="of a start without an id"),
    ],
)
def test_no_caller_can_choose_an_id_of_ours(ours: str) -> None:
    assert re.fullmatch(KNOWN_ID, ours)
    assert quote(ours) == ours, "it needs no escaping in a URL"
    for ask in (asked_id, asked_fleet_id):
        with pytest.raises(ValidationError):
            ask(ours)


@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,59}", fullmatch=True))
def test_an_id_that_was_read_is_read_again_as_it_is(text: str) -> None:
    assert rollout_id(rollout_id(text)) == rollout_id(text) == rollout_id(text.upper())
    assert re.fullmatch(KNOWN_ID, rollout_id(text))
