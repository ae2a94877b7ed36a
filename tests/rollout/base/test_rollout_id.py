"""Ids that callers choose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rollout.base import rollout_id
from rollout.fleet import FleetRolloutRequest, fleet_id_of, rollout_id_of
from rollout.follow import follow_id
from rollout.inventory import ScaleSetId
from rollout.plan import RolloutRequest

WEB = ScaleSetId("s-1", "demo", "web")
IMAGE = {"version": "2"}
FLEET = {"image": IMAGE, "waves": [{"name": "w", "scaleSets": [str(WEB)]}]}
KEPT = ["follow-", "follow-me", "Follow-me", "FOLLOW-0123456789abcdef"]


def asked_id(text: str) -> str | None:
    body = {"id": text, "scaleSet": str(WEB), "image": IMAGE}
    return RolloutRequest.from_request(body).id


def asked_fleet_id(text: str) -> str | None:
    return FleetRolloutRequest.from_request({**FLEET, "id": text}).id


@pytest.mark.parametrize("text", ["R1", "r1", "Web.2026-07", "following", "my-follow-up"])
def test_an_id_is_the_same_in_any_case_of_letters(text: str) -> None:
    assert asked_id(text) == asked_fleet_id(text) == text.lower()


@pytest.mark.parametrize("text", KEPT)
def test_an_id_that_may_be_a_followed_images_is_refused(text: str) -> None:
    for ask in (asked_id, asked_fleet_id):
        with pytest.raises(ValidationError, match="begins with 'follow-'"):
            ask(text)


def test_no_caller_can_choose_the_id_of_a_followed_image() -> None:
    with pytest.raises(ValueError, match="follow-"):
        rollout_id(follow_id("/subscriptions/s-1/…/images/web"))


@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,59}", fullmatch=True))
def test_an_id_that_was_read_is_read_again_as_it_is(text: str) -> None:
    if not text.lower().startswith("follow-"):
        assert rollout_id(rollout_id(text)) == rollout_id(text) == rollout_id(text.upper())


@pytest.mark.parametrize("image", ["web", "Web", "follow-me"])
def test_the_ids_that_are_made_are_ids_that_may_be_asked_for(image: str) -> None:
    version_id = (
        "/subscriptions/s-1/resourceGroups/demo/providers/Microsoft.Compute/galleries/g"
        f"/images/{image}/versions/1.0.7"
    )
    made = fleet_id_of(version_id, "1.0.7")
    assert asked_fleet_id(made) == made
    assert asked_id(rollout_id_of(made, WEB)) == rollout_id_of(made, WEB)
