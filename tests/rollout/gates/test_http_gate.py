"""What a URL answers, and what that says: pass, fail, could not tell, or not yet."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from rollout.base import field_errors
from rollout.gates import GateVerdict, HttpGate
from rollout.plan import Policy

URL = "https://checks.contoso.com/ready"

BOMB = "|".join(["[@,@][]"] * 16) + "|length(@) == `1`"
"""It makes 65,536 of what it is given."""


def gate(**fields: Any) -> HttpGate:
    return HttpGate.from_request({"kind": "http", "url": URL, **fields})


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, GateVerdict.PASSED),
        (204, GateVerdict.PASSED),
        (302, GateVerdict.UNKNOWN),
        (401, GateVerdict.UNKNOWN),
        (403, GateVerdict.UNKNOWN),
        (404, GateVerdict.FAILED),
        (409, GateVerdict.FAILED),
        (429, GateVerdict.UNKNOWN),
        (500, GateVerdict.UNKNOWN),
        (503, GateVerdict.UNKNOWN),
    ],
)
def test_a_status_is_a_verdict_only_where_the_host_has_judged(
    status: int, verdict: GateVerdict
) -> None:
    answered = gate().judged(status, b"")
    assert answered.verdict is verdict
    assert answered.message == f"GET checks.contoso.com/ready answered {status}"


def test_a_status_that_is_named_passes_and_no_other() -> None:
    assert gate(status=[404]).judged(404, b"").verdict is GateVerdict.PASSED
    assert gate(status=[404]).judged(200, b"").verdict is GateVerdict.FAILED


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ({"errorRate": 0.002}, GateVerdict.PASSED),
        ({"errorRate": 0.02}, GateVerdict.FAILED),
        ({"errorRate": "low"}, GateVerdict.UNKNOWN),
        ({}, GateVerdict.UNKNOWN),
        ([], GateVerdict.UNKNOWN),
        ({"state": "running"}, GateVerdict.NOT_YET),
    ],
)
def test_a_condition_passes_if_it_is_true_and_fails_only_if_it_is_false(
    body: object, verdict: GateVerdict
) -> None:
    asked = gate(condition="errorRate < `0.01`", notYet="state == 'running' || `false`")
    assert asked.judged(200, json.dumps(body).encode()).verdict is verdict


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_could_not_be_told(body: bytes) -> None:
    answered = gate(condition="ok").judged(200, body)
    assert answered.verdict is GateVerdict.UNKNOWN
    assert answered.message == "GET checks.contoso.com/ready answered 200, but no JSON"


@pytest.mark.parametrize(
    "condition", ["length(items[1:3]) == `2`", "items[?id == `2`] | [0].id == `2`"]
)
def test_conditions_may_be_all_that_jmespath_knows(condition: str) -> None:
    body = json.dumps({"items": [{"id": 1}, {"id": 2}, {"id": 3}]}).encode()
    assert gate(condition=condition).judged(200, body).verdict is GateVerdict.PASSED


def test_the_numbers_are_the_evidence() -> None:
    answered = gate(condition="errorRate < `0.01`").judged(200, b'{"errorRate": 0.02}')
    assert answered.evidence == {"status": 200, "answer": '{"errorRate": 0.02}'}
    assert answered.message.endswith("answered 200, and errorRate < `0.01` is false")


def test_a_long_answer_is_cut_in_the_evidence() -> None:
    assert len(gate().judged(200, b"x" * 60_000).evidence["answer"]) < 300


@pytest.mark.parametrize(
    ("fields", "path", "message"),
    [
        ({"url": "ftp://host/x"}, ".url", "must be an address such as"),
        ({"url": "https://"}, ".url", "must be an address such as"),
        ({"url": "https://host:99999/"}, ".url", "must be an address such as"),
        ({"url": "https://host/a b"}, ".url", "must not have blanks"),
        ({"url": "https://host/x?code=abc"}, ".url", "seems to hold a secret"),
        ({"url": "https://me:pass@host/x"}, ".url", "seems to hold a secret"),
        ({"url": {"secret": "no name"}}, ".url.secret", "has characters that are not allowed"),
        ({"headers": {"Authorization": "Bearer x"}}, ".headers", "Authorization carries a secret"),
        ({"headers": {"Host": "x"}}, ".headers", "Host is set by the app itself"),
        ({"headers": {"a b": "x"}}, ".headers", "'a b' is no name of a header"),
        ({"headers": {"X-A": "x\r\nY: z"}}, ".headers.X-A", "has characters that are not allowed"),
        ({"condition": "errorRate <"}, ".condition", "does not compile as JMESPath"),
        ({"condition": "nope(a)"}, ".condition", "does not compile as JMESPath"),
        ({"condition": " "}, ".condition", "is empty"),
        ({"condition": BOMB}, ".condition", "does not compile as JMESPath: it has"),
        ({"method": "HEAD", "condition": "a"}, "", "method HEAD has no body"),
        ({"method": "GET", "body": {}}, "", "method GET sends no body"),
        ({"answerWithin": "PT1M"}, ".answerWithin", "must be less than or equal to"),
        ({"later": 1}, ".later", "is not a field of this request"),
    ],
)
def test_what_can_be_known_is_refused_with_a_sentence(
    fields: dict[str, Any], path: str, message: str
) -> None:
    check = {"kind": "http", "url": URL, **fields}
    with pytest.raises(ValidationError) as refused:
        Policy.from_request({"gates": [{"name": "g", "place": "end", "check": check}]})
    [error] = field_errors(refused.value)
    assert error.path == f"gates[0].check{path}"
    assert error.message.startswith(message)
