"""The settings that say who may do what."""

import pytest

from rollout.access import AccessRules, Permission
from rollout.base import SettingError
from settings import read_access_rules

ON = {"WEBSITE_AUTH_ENABLED": "True"}


def test_without_settings_a_function_key_is_enough() -> None:
    assert read_access_rules({}) == AccessRules()
    assert read_access_rules(ON) == AccessRules(authenticated=True)


def test_settings_are_read() -> None:
    rules = read_access_rules(
        {
            **ON,
            "ROLLOUT_ROLES": '{"read": ["R", "S"], "approve": []}',
            "ROLLOUT_REQUIRE_SIGN_IN": "true",
            "ROLLOUT_SECOND_PERSON": "True",
            "ROLLOUT_STATUS_URI": "false",
        }
    )
    assert rules == AccessRules(
        authenticated=True,
        require_sign_in=True,
        second_person=True,
        status_uri=False,
        roles={Permission.READ: frozenset({"R", "S"})},
    )


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("ROLLOUT_ROLES", "{", "Expecting property name"),
        ("ROLLOUT_ROLES", "[]", "set it to JSON"),
        ("ROLLOUT_ROLES", '{"write": ["a"]}', "write is wrong"),
        ("ROLLOUT_ROLES", '{"read": "a"}', "read is wrong"),
        ("ROLLOUT_REQUIRE_SIGN_IN", "yes", "set it to true or false"),
        ("ROLLOUT_SECOND_PERSON", "1", "set it to true or false"),
        ("ROLLOUT_STATUS_URI", "off", "set it to true or false"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_wrong(name: str, value: str, why: str) -> None:
    with pytest.raises(SettingError) as error:
        read_access_rules({**ON, name: value})
    assert name in str(error.value)
    assert why in str(error.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ROLLOUT_ROLES", '{"read": ["R"]}'),
        ("ROLLOUT_REQUIRE_SIGN_IN", "true"),
        ("ROLLOUT_SECOND_PERSON", "true"),
    ],
)
def test_what_nobody_could_satisfy_is_a_wrong_setting(name: str, value: str) -> None:
    with pytest.raises(SettingError, match="WEBSITE_AUTH_ENABLED is not true"):
        read_access_rules({name: value})
