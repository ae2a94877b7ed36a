"""The settings that say how published images are followed."""

from datetime import timedelta

import pytest

from rollout.base import SettingError
from rollout.follow import FollowRules
from settings import read_follow_rules


def test_without_settings_tags_decide() -> None:
    assert read_follow_rules({}) == FollowRules()


def test_settings_are_read() -> None:
    rules = read_follow_rules(
        {
            "ROLLOUT_POLICIES": '{"careful": {"maxBatchInstances": 1}}',
            "ROLLOUT_WAVES": '[{"name": "canary", "bakeAfter": "PT2H"}, {"name": "prod"}]',
            "ROLLOUT_NEWER_IMAGE": "ignore",
            "ROLLOUT_REPLICATION_TIMEOUT": "PT3H",
            "ROLLOUT_FOLLOW_SUBSCRIPTIONS": "a, b",
        }
    )
    assert rules.policies["careful"].max_batch_instances == 1
    assert [wave.name for wave in rules.waves] == ["canary", "prod"]
    assert rules.waves[0].bake_after == timedelta(hours=2)
    assert (rules.newer_image, rules.replication_timeout) == ("ignore", timedelta(hours=3))
    assert rules.subscriptions == ["a", "b"]


def test_the_subscription_of_the_app_follows_unless_others_are_named() -> None:
    assert read_follow_rules({"AZURE_SUBSCRIPTION_ID": "mine"}).subscriptions == ["mine"]


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("ROLLOUT_POLICIES", "{", "Expecting property name"),
        ("ROLLOUT_POLICIES", '{"a": {"maxBatchInstances": 0}}', "a.maxBatchInstances must be"),
        ("ROLLOUT_WAVES", '[{"name": "a"}, {"name": "A"}]', "names a wave twice"),
        ("ROLLOUT_WAVES", '[{"name": "a", "bake": "PT1H"}]', "[0].bake is not a field"),
        ("ROLLOUT_NEWER_IMAGE", "both", "must be 'queue' or 'ignore'"),
        ("ROLLOUT_REPLICATION_TIMEOUT", "1 day", "ISO 8601"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_wrong(name: str, value: str, why: str) -> None:
    with pytest.raises(SettingError) as error:
        read_follow_rules({name: value})
    assert name in str(error.value)
    assert why in str(error.value)
