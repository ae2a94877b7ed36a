"""The gates of one place, beside one that the operator is asked about."""

from datetime import UTC, datetime, timedelta

from rollout.gates import Answered, Gate, GateNotPassed, GatePlace, GateRound, GateVerdict

START = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def gate(name: str) -> Gate:
    check = {"kind": "http", "url": "https://checks.contoso.com/ready"}
    rules = {"name": name, "place": "afterBatch", "check": check, "timeout": "PT15M"}
    return Gate.from_request(rules)


def test_time_in_which_the_operator_was_asked_is_held_against_no_gate() -> None:
    failing, beside = gate("failing"), gate("beside")
    unsure = Answered(verdict=GateVerdict.UNKNOWN, message="it answered 503")
    asked = GateRound(place=GatePlace.AFTER_BATCH, batch=1).after(beside, unsure, START)
    failed = GateNotPassed(name="failing", reason="it has failed").asking(START, START + 2 * HOUR)
    went_on = asked.held_by(failed).without(failed, [failing, beside], START + HOUR)
    assert went_on.left([failing, beside]) == [beside]
    assert went_on.ends(beside, START + HOUR) == START + HOUR + beside.timeout
    assert went_on.due([failing, beside], START + HOUR) == [beside]
