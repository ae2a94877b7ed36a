"""What the app makes of Azure Monitor's logs."""

from asyncio import run
from collections.abc import Callable
from typing import Any

import pytest
from arm_world import World
from monitored import INSIGHTS, RATE, WORKSPACE, answer

from local.arm.model.fault import Denied, DropConnection, Fault, Rewrite, ServerError, Throttle
from monitor import ask_logs
from rollout.gates import Answered, GateQuestion, GateVerdict, QueryGate

type Question = Callable[..., GateQuestion]


def ask(question: Question, **fields: Any) -> Answered:
    usual = {"kind": "query", "query": "requests | take 1", "column": "rate", "condition": "< 1"}
    where = {} if "resource" in fields else {"workspace": WORKSPACE}
    gate = QueryGate.from_request(usual | where | fields)
    return run(ask_logs(gate, question(gate)))


def test_it_passes_and_fails_by_the_row(world: World, question: Question) -> None:
    answer(world, target=WORKSPACE, table=RATE)
    passed = ask(question)
    assert (passed.verdict, passed.message) == ("pass", "rate is 0.2: < 1 holds")
    answer(world, target=WORKSPACE, table=RATE | {"rows": [[3, 10]]})
    assert ask(question).verdict is GateVerdict.FAILED


def test_an_application_insights_resource_is_asked_by_its_id(
    world: World, question: Question
) -> None:
    answer(world, target=INSIGHTS, table=RATE)
    assert ask(question, resource=INSIGHTS).verdict is GateVerdict.PASSED
    [call] = world.azure.requests.all()
    assert call.path == f"/v1{INSIGHTS}/query"


@pytest.mark.parametrize(
    ("rows", "said"),
    [([], "no row"), ([[1, 1], [2, 2]], "several rows"), ([["NaN", 0]], "no number")],
)
def test_what_is_no_number_is_no_verdict(
    world: World, question: Question, rows: list[list[Any]], said: str
) -> None:
    answer(world, table=RATE | {"rows": rows})
    answered = ask(question)
    assert (answered.verdict, said in answered.message) == ("unknown", True)


def test_an_answer_in_part_is_no_verdict(world: World, question: Question) -> None:
    answer(world, table=RATE, partial=True, error="QueryTimeout", message="it took too long")
    answered = ask(question)
    assert (answered.verdict, "it took too long" in answered.message) == ("unknown", True)


def test_a_query_that_is_none_is_said_in_azures_words(world: World, question: Question) -> None:
    answer(world, error="BadArgumentError", message="no table is named requestz")
    answered = ask(question)
    assert (answered.verdict, "requestz" in answered.message) == ("unknown", True)


@pytest.mark.parametrize(
    ("fault", "verdict", "said"),
    [
        (
            Denied(),
            "unknown",
            f"Reader or Monitoring Reader on {WORKSPACE}",
        ),
        (DropConnection(), "unknown", "could not query the logs of"),
        (ServerError(), "unknown", "could not query the logs of"),
        (Rewrite(path="query", body=[]), "unknown", "cannot be read"),
        (Rewrite(path="query", body={}), "unknown", "cannot be read"),
        (Rewrite(path="query", body={"tables": [{"columns": [{}]}]}), "unknown", "cannot be read"),
        (Rewrite(path="query", status=308), "unknown", "could not query the logs of"),
        (Throttle(retry_after=5), "notYet", "asked again after 5 s"),
    ],
)
def test_what_cannot_be_read_is_no_failure(
    world: World, question: Question, fault: Fault, verdict: str, said: str
) -> None:
    answer(world, table=RATE | {"rows": [[9, 9]]})
    world.fault(fault)
    answered = ask(question)
    assert (answered.verdict, said in answered.message) == (verdict, True), answered.message
