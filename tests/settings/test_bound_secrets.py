"""Secrets that go to some hosts only: the setting, and what is wrong with it."""

import json

import pytest

from rollout.base import SettingError
from settings import read_outbound

SECRET = {"ROLLOUT_SECRET_CHECKS": "Bearer 1234"}


def refused(host: str, *texts: str, hosts: list[str]) -> str | None:
    bound = {**SECRET, "ROLLOUT_BOUND_SECRETS": json.dumps({"CHECKS": hosts})}
    [secret] = read_outbound(bound).bound
    assert "1234" not in repr(secret)
    return secret.refused_at(host, texts)


@pytest.mark.parametrize(
    ("host", "hosts", "goes"),
    [
        ("checks.contoso.com", ["checks.contoso.com"], True),
        ("Checks.Contoso.com", ["checks.contoso.com"], True),
        ("a.checks.contoso.com", ["checks.contoso.com"], False),
        ("a.b.contoso.com", ["other.net", "*.contoso.com"], True),
        ("contoso.com", ["*.contoso.com"], False),
        ("evilcontoso.com", ["*.contoso.com"], False),
        ("contoso.com.evil.net", ["*.contoso.com", "contoso.com"], False),
        ("checks.contoso.com", [], False),
    ],
)
def test_it_goes_to_the_hosts_that_are_named_only(
    host: str, hosts: list[str], *, goes: bool
) -> None:
    assert (refused(host, "plain", "Bearer 1234", hosts=hosts) is None) is goes
    assert refused(host, "nothing of it", hosts=hosts) is None


def test_a_refusal_says_what_and_why() -> None:
    assert refused("evil.net", "Bearer 1234", hosts=["checks.contoso.com"]) == (
        "the secret CHECKS may go to checks.contoso.com, and not to evil.net: name another secret, "
        "or allow that host in the app setting ROLLOUT_BOUND_SECRETS"
    )


def test_a_secret_that_is_not_there_binds_nothing() -> None:
    assert read_outbound({"ROLLOUT_BOUND_SECRETS": '{"CHECKS": ["contoso.com"]}'}).bound == ()
    assert read_outbound(SECRET).bound == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "it is no JSON: "),
        ("[]", "set it to JSON, "),
        ('{"checks": []}', "'checks' is no name of a secret"),
        ('{"CHECKS": "contoso.com/path"}', "CHECKS needs a list of hosts"),
        ('{"CHECKS": ["https://contoso.com"]}', "CHECKS needs a list of hosts"),
        ('{"CHECKS": [7]}', "CHECKS needs a list of hosts"),
        ('{"CHECKS": ["*"]}', "CHECKS needs a list of hosts"),
    ],
)
def test_a_wrong_setting_is_said(text: str, why: str) -> None:
    with pytest.raises(SettingError) as refusal:
        read_outbound({"ROLLOUT_BOUND_SECRETS": text})
    [error] = refusal.value.errors
    assert error.path == "ROLLOUT_BOUND_SECRETS"
    assert error.message.startswith(f"ROLLOUT_BOUND_SECRETS is not valid: {why}")
