"""The setting ROLLOUT_NEWS as the app reads it, and what it says when that is wrong."""

import json
from typing import Any

import pytest

from rollout.base import SettingError
from settings import checked_news_rules, read_news_rules, read_teller

TOPIC = "https://rollouts.westeurope-1.eventgrid.azure.net/api/events"


def told(*receivers: dict[str, Any]) -> dict[str, str]:
    return {"ROLLOUT_NEWS": json.dumps({"receivers": receivers})}


def topic(endpoint: str) -> dict[str, Any]:
    return {"name": "topic", "kind": "eventGrid", "endpoint": endpoint}


def refusal(environment: dict[str, str]) -> str:
    with pytest.raises(SettingError) as refused:
        checked_news_rules(environment)
    assert {error.path for error in refused.value.errors} == {"ROLLOUT_NEWS"}
    return "; ".join(error.message for error in refused.value.errors)


@pytest.mark.parametrize("environment", [{}, {"ROLLOUT_NEWS": ""}, told()])
def test_without_receivers_nobody_is_told(environment: dict[str, str]) -> None:
    assert list(read_news_rules(environment).receivers) == []


def test_the_token_goes_to_event_grid_only() -> None:
    assert read_news_rules(told(topic(TOPIC))).receivers[0].endpoint == TOPIC
    for wrong in (
        "https://eventgrid.azure.net.bad.example/api/events",
        "https://bad.example/x.eventgrid.azure.net",
        "https://bad.example?.eventgrid.azure.net/",
        "https://bad.example#.eventgrid.azure.net/",
        "https://bad.example\\.eventgrid.azure.net/",
        "http://rollouts.westeurope-1.eventgrid.azure.net/api/events",
        "https://rollouts.westeurope-1.eventgrid.azure.net:444/api/events",
    ):
        assert "endpoint" in refusal(told(topic(wrong))), wrong


def test_what_is_no_json_is_said_to_be() -> None:
    assert "it is no JSON" in refusal({"ROLLOUT_NEWS": "{receivers"})


def test_a_secret_that_a_receiver_needs_must_be_there() -> None:
    slack = {"name": "ops", "kind": "slack", "url": {"secret": "SLACK"}}
    assert "receiver ops: there is no secret SLACK" in refusal(told(slack))
    there = {"ROLLOUT_SECRET_SLACK": "https://hooks.example/x"}
    checked_news_rules(told(slack) | there)


def test_the_app_says_who_it_is_and_where_its_page_is() -> None:
    azure = {"WEBSITE_SITE_NAME": "app", "WEBSITE_HOSTNAME": "app.azurewebsites.net"}
    teller = read_teller(read_news_rules({}), azure)
    assert teller.source == "/vmss-rollout/app"
    assert teller.page == "https://app.azurewebsites.net/api/dashboard"
    assert teller.who == "whoever may call the app"
    page = {"ROLLOUT_NEWS": json.dumps({"page": "https://r.example/p"})}
    assert read_teller(read_news_rules(page), azure).page == "https://r.example/p"


def test_the_app_says_who_may_answer() -> None:
    rules = {
        "WEBSITE_AUTH_ENABLED": "true",
        "ROLLOUT_ROLES": '{"approve": ["Rollout.Approver"]}',
        "ROLLOUT_SECOND_PERSON": "true",
    }
    who = read_teller(read_news_rules({}), rules).who
    assert who == "whoever has the role Rollout.Approver, but not who started it"
