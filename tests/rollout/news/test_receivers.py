"""The setting ROLLOUT_NEWS: what is refused, and what it says."""

from typing import Any

import pytest
from pydantic import ValidationError

from rollout.news import NewsRules, Only

HOOK = {"name": "ops", "kind": "webhook", "url": "https://ops.example/hook"}


@pytest.mark.parametrize(
    ("receiver", "said"),
    [
        ({**HOOK, "url": None}, "url is required for kind webhook"),
        ({**HOOK, "endpoint": "https://x.example"}, "endpoint means nothing for kind webhook"),
        ({"name": "t", "kind": "eventGrid"}, "endpoint is required for kind eventGrid"),
        ({**HOOK, "kind": "slack", "key": {"secret": "KEY"}}, "key signs a webhook"),
        ({**HOOK, "url": "ftp://x"}, "url"),
        ({**HOOK, "url": "https://user:word@x.example/"}, "url"),
        ({**HOOK, "name": "Not A Name"}, "name"),
        ({**HOOK, "only": {"kinds": []}}, "kinds"),
        ({**HOOK, "only": {"kind": ["started"]}}, "kind"),
        ({**HOOK, "only": {"tags": {}}}, "tags"),
        ({**HOOK, "only": {"tags": {"team": ""}}}, "tags"),
        ({**HOOK, "batchesEvery": "10"}, "batchesEvery"),
    ],
)
def test_what_is_wrong_is_refused(receiver: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        NewsRules.from_request({"receivers": [receiver]})


def test_two_receivers_have_two_names() -> None:
    with pytest.raises(ValidationError, match="same name"):
        NewsRules.from_request({"receivers": [HOOK, HOOK]})


def test_a_receiver_says_which_secrets_it_needs() -> None:
    slack = {"name": "team", "kind": "slack", "url": {"secret": "SLACK_URL"}}
    rules = NewsRules.from_request({"receivers": [{**HOOK, "key": {"secret": "KEY"}}, slack]})
    assert [each.secrets for each in rules.receivers] == [["KEY"], ["SLACK_URL"]]


@pytest.mark.parametrize(
    ("tags", "takes"),
    [
        ({"TEAM": "Web-1", "stage": "prod"}, True),
        ({"team": "web-1", "stage": "test"}, False),
        ({"team": "web-1"}, False),
        ({"team": "", "stage": "prod"}, False),
        ({}, False),
    ],
)
def test_a_receiver_takes_scale_sets_with_all_its_tags(
    tags: dict[str, str], *, takes: bool
) -> None:
    only = Only.from_request({"tags": {"Team": "web*", "stage": "prod"}})
    assert only.takes(only.named(tags)) is takes


def test_tags_that_were_never_read_say_nothing() -> None:
    only = Only.from_request({"tags": {"team": "web", "stage": "prod"}})
    assert only.takes({}) is None
    assert only.takes({"team": "web"}) is None
    assert Only().takes({}) is True
