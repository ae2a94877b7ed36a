"""The address at which a gate is answered: who is let in, and what a plan knows of it."""

import json

import pytest
from answering import AskedHost
from calling_back import asked, begun, called_back, questions, reply
from gated import SMALL, policy
from signed_in import authenticated
from story import NEW, System


def test_a_forged_address_is_no_address(system: System, host: AskedHost) -> None:
    rollout, _ = begun(system, called_back(f"{host.url}/q", "start"))
    question = asked(system, host, rollout, 1)
    address, _, token = question["callback"].rpartition("/")
    other = "A" if token[-10] != "A" else "B"
    for forged in (token[:-10] + other + token[-9:], token[:-4], "x" * 40, "x" * 500):
        answer = system.api.post(f"{address}/{forged}", json={"verdict": "pass"})
        assert answer.status_code == 404
        assert rollout not in answer.text
    assert system.view(rollout)["gates"][0]["verdict"] == "notYet"
    assert reply(system, question).status_code == 202
    assert system.finish(rollout)["phase"] == "Succeeded"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"pass", 400),
        (b'{"verdict": "yes"}', 400),
        (b'{"verdict": "lookAgain"}', 400),
        (b'{"verdict": "lookAgain", "at": "2026-07-01T12:00:00"}', 400),
        (b'{"verdict": "pass", "evidence": {"rate": NaN}}', 400),
        (b'{"verdict": "pass", "evidence": {"log": "%s"}}' % (b"x" * 2001), 400),
        (b'{"verdict": "pass", "message": "%s"}' % (b"x" * 9000), 413),
        (b"[" * 8000, 400),
    ],
    ids=str,
)
def test_what_is_no_answer_counts_for_nothing(
    system: System, host: AskedHost, body: bytes, status: int
) -> None:
    rollout, _ = begun(system, called_back(f"{host.url}/q", "start"))
    question = asked(system, host, rollout, 1)
    answer = system.api.post(question["callback"], content=body)
    assert (answer.status_code, rollout in answer.text) == (status, False)
    assert reply(system, question).status_code == 202
    assert system.finish(rollout)["phase"] == "Succeeded"


@pytest.mark.parametrize("token", ["x", "x" * 39 + "!", "x" * 401, "x" * 40 + "%0A"], ids=len)
def test_what_has_not_the_shape_of_an_address_reads_nothing(
    system: System, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    def unread(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("triggers.callbacks.find_signing_key", unread)
    answer = system.api.post(f"/api/callbacks/{token}", json={"verdict": "pass"})
    assert (answer.status_code, answer.json()["title"]) == (404, "No such address")


def test_a_signed_in_app_lets_it_in_without_a_caller(
    system: System, host: AskedHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    rollout, _ = begun(system, called_back(f"{host.url}/q", "start"))
    question = asked(system, host, rollout, 1)
    roles = '{"read": ["R"], "start": ["S"], "approve": ["A"]}'
    authenticated(monkeypatch, ROLLOUT_REQUIRE_SIGN_IN="true", ROLLOUT_ROLES=roles)
    assert system.api.get(f"/api/rollouts/{rollout}").status_code == 401
    assert reply(system, question).status_code == 202


def test_a_plan_asks_nobody_and_refuses_what_can_be_known(system: System, host: AskedHost) -> None:
    scale_set = system.scale_set(**SMALL)
    gate = called_back(f"{host.url}/q", timeout="PT2H")
    [line] = system.plan(scale_set, policy=policy(gate))["gates"]
    assert "verdict" not in line
    assert line["message"] == "would be asked: POST 127.0.0.1/q, which has 2 h to answer"
    assert questions(host) == []
    wrong = called_back("http://169.254.169.254/x", check={"key": {"secret": "NOWHERE"}})
    body = {"scaleSet": scale_set, "image": {"version": NEW}, "policy": policy(wrong)}
    for path in ("/api/rollouts/plan", "/api/rollouts"):
        answer = system.api.post(path, json=body)
        assert answer.status_code == 400
        paths = [error["path"] for error in answer.json()["errors"]]
        assert paths == ["policy.gates[0].check.key", "policy.gates[0].check.url"]


def test_an_app_that_does_not_know_where_it_is_asks_nobody(
    system: System, host: AskedHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WEBSITE_HOSTNAME")
    refused = system.start(
        system.scale_set(**SMALL), policy=policy(called_back(f"{host.url}/q"))
    ).json()
    assert "set the app setting ROLLOUT_ADDRESS to it" in refused["errors"][0]["message"]


@pytest.mark.parametrize("hosts", [["checks.contoso.com"], ["127.0.0.1"]], ids=["other", "its"])
def test_a_key_that_is_bound_signs_for_its_hosts_only(
    system: System, host: AskedHost, monkeypatch: pytest.MonkeyPatch, hosts: list[str]
) -> None:
    """Else whoever may start has what they have written signed for somebody else."""
    monkeypatch.setenv("ROLLOUT_SECRET_KEY", "hush")
    monkeypatch.setenv("ROLLOUT_BOUND_SECRETS", json.dumps({"KEY": hosts}))
    gate = called_back(f"{host.url}/q", "start", check={"key": {"secret": "KEY"}})
    answer = system.start(system.scale_set(**SMALL), policy=policy(gate))
    if hosts == ["127.0.0.1"]:
        assert answer.status_code == 202
        return
    [error] = answer.json()["errors"]
    assert error["path"] == "policy.gates[0].check.url"
    assert "the secret KEY may go to checks.contoso.com, and not to 127.0.0.1" in error["message"]


def test_a_signature_is_that_of_standard_webhooks(
    system: System, host: AskedHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_SECRET_KEY", "hush")
    gate = called_back(f"{host.url}/q", "start", check={"key": {"secret": "KEY"}})
    rollout, _ = begun(system, gate)
    question = asked(system, host, rollout, 1)
    headers = host.asked[-1].headers
    assert headers["webhook-id"] == question["id"]
    assert headers["webhook-signature"].startswith("v1,")
    reply(system, question)
    assert system.finish(rollout)["phase"] == "Succeeded"
