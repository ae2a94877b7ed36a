"""Who a plan says will be told: receivers by their filters, without addresses and secrets."""

from typing import Any

import pytest

from rollout.news import NewsKind, NewsRules, Subject, SubjectKind

ROLLOUT = Subject(kind=SubjectKind.ROLLOUT, id="prod-web")
FLEET = Subject(kind=SubjectKind.FLEET, id="nightly-7")
MEMBER = Subject.member_of(FLEET.id)


def told(*subjects: Subject, **more: Any) -> list[dict[str, Any]]:
    hook = {"name": "ops", "kind": "slack", "url": {"secret": "SLACK_OPS"}, **more}
    rules = NewsRules.from_request({"receivers": [hook]})
    return [each.to_json() for each in rules.audience_of(*subjects)]


def test_whoever_has_no_filter_is_audience_of_all_that_a_rollout_has() -> None:
    [each] = told(ROLLOUT)
    assert (each["name"], each["kind"]) == ("ops", "slack")
    assert set(each["kinds"]) == set(NewsKind) - {"imageWaits", "test"}
    assert "SLACK_OPS" not in str(each)


@pytest.mark.parametrize(
    ("only", "subject", "kinds"),
    [
        ({"kinds": ["finished", "needsYou"]}, ROLLOUT, ["needsYou", "finished"]),
        ({"kinds": ["finished"], "ids": "prod-*"}, ROLLOUT, ["finished"]),
        ({"kinds": ["finished"], "ids": "test-*"}, ROLLOUT, None),
        ({"kinds": ["finished"], "fleets": "nightly*"}, ROLLOUT, None),
        ({"kinds": ["finished"], "fleets": "nightly*"}, FLEET, ["finished"]),
        ({"kinds": ["imageWaits"]}, ROLLOUT, None),
    ],
)
def test_filters_say_who_is_audience_of_what(
    only: dict[str, Any], subject: Subject, kinds: list[str] | None
) -> None:
    assert [each["kinds"] for each in told(subject, only=only)] == ([kinds] if kinds else [])


def test_of_a_member_of_a_fleet_who_wants_only_troubles_is_audience_of_those() -> None:
    assert MEMBER.is_member
    assert MEMBER.fleet == FLEET.id
    [each] = told(MEMBER)
    assert "paused" in each["kinds"]
    assert "finished" not in each["kinds"]
    assert told(MEMBER, members="none") == []
    [both] = told(FLEET, MEMBER)
    assert "finished" in both["kinds"]
