"""What fired alerts mean: pass, fail, or it cannot be told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rollout.base import field_errors
from rollout.gates import AlertGate, GateVerdict, SeenAlert, Severity

SINCE = datetime(2026, 11, 30, 12, tzinfo=UTC)
LATER = SINCE + timedelta(minutes=1)
GROUP = "/subscriptions/s-1/resourceGroups/demo/providers"
WEB = f"{GROUP}/Microsoft.Compute/virtualMachineScaleSets/web"
FRONT = f"{GROUP}/Microsoft.Network/loadBalancers/front"
RULE = f"{GROUP}/Microsoft.Insights/metricAlerts/errors"


def gate(**fields: Any) -> AlertGate:
    return AlertGate.from_request({"kind": "alert", **fields})


def alert(**fields: Any) -> SeenAlert:
    usual: dict[str, Any] = {"rule": RULE, "target": WEB, "severity": "Sev1", "started": LATER}
    return SeenAlert(**(usual | fields))


def verdict(of: AlertGate, *alerts: SeenAlert) -> GateVerdict:
    return of.judged(alerts, WEB, SINCE).verdict


def test_without_alerts_it_passes() -> None:
    answered = gate().judged([], WEB, SINCE)
    assert answered.verdict is GateVerdict.PASSED
    assert answered.message == "no alert of Sev2 or graver has fired since 12:00 UTC"


def test_an_instance_of_a_flexible_scale_set_is_beside_it_and_belongs_to_it() -> None:
    vm = f"{GROUP}/Microsoft.Compute/virtualMachines/web_ab12"
    assert gate().judged([alert(target=vm)], WEB, SINCE, [vm]).verdict is GateVerdict.FAILED
    assert gate().judged([alert(target=f"{vm}3")], WEB, SINCE, [vm]).verdict is GateVerdict.PASSED


def test_an_alert_on_the_scale_set_fails_it_with_its_name() -> None:
    answered = gate().judged([alert()], WEB, SINCE)
    assert answered.verdict is GateVerdict.FAILED
    assert answered.message == "1 alert fired: errors (Sev1)"
    assert answered.evidence["first"] == [{"rule": "errors", "severity": "Sev1", "target": WEB}]


@pytest.mark.parametrize(
    ("fields", "change", "expected"),
    [
        ({}, {"target": WEB.upper()}, "fail"),
        ({}, {"target": f"{WEB}/virtualMachines/3"}, "fail"),
        ({}, {"target": f"{WEB}-2"}, "pass"),
        ({}, {"target": FRONT}, "pass"),
        ({"resources": [FRONT]}, {"target": FRONT}, "fail"),
        ({"resources": [FRONT]}, {}, "pass"),
        ({"rules": ["Errors"]}, {"target": FRONT}, "fail"),
        ({"rules": [RULE]}, {"target": FRONT}, "fail"),
        ({"rules": ["other"]}, {}, "pass"),
        ({"rules": ["other"], "resources": [WEB]}, {}, "fail"),
        ({}, {"severity": "Sev2"}, "fail"),
        ({}, {"severity": "Sev3"}, "pass"),
        ({"severity": "Sev4"}, {"severity": "sev4"}, "fail"),
        ({}, {"severity": "Grave"}, "unknown"),
        ({}, {"severity": ""}, "unknown"),
        ({}, {"started": SINCE}, "fail"),
        ({}, {"started": SINCE - timedelta(seconds=1)}, "pass"),
        ({}, {"started": None}, "unknown"),
        ({}, {"started": None, "severity": "Sev4"}, "pass"),
    ],
)
def test_which_alerts_count(fields: dict[str, Any], change: dict[str, Any], expected: str) -> None:
    assert verdict(gate(**fields), alert(**change)) == expected


def test_what_is_certain_outweighs_what_is_not() -> None:
    answered = gate().judged([alert(severity=""), alert()], WEB, SINCE)
    assert answered.verdict is GateVerdict.FAILED
    assert "errors (Sev1)" in answered.message


def test_of_many_alerts_some_are_named() -> None:
    answered = gate().judged([alert()] * 40, WEB, SINCE)
    assert answered.message.startswith("40 alerts fired: errors (Sev1), ")
    assert answered.message.endswith("and 35 more")
    assert (answered.evidence["alerts"], len(answered.evidence["first"])) == (40, 5)


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"severity": "Sev9"}, "severity"),
        ({"resources": ["web"]}, "resources[0]"),
        ({"resources": [f"{WEB}/../x"]}, "resources[0]"),
        ({"resources": [f"{WEB}?x=1"]}, "resources[0]"),
        ({"rules": [""]}, "rules[0]"),
        ({"rule": "errors"}, "rule"),
    ],
)
def test_what_is_refused(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(ValidationError) as raised:
        gate(**fields)
    assert [each.path for each in field_errors(raised.value)] == [path]


ALERTS = st.builds(
    SeenAlert,
    rule=st.sampled_from([RULE, ""]),
    target=st.sampled_from([WEB, FRONT, ""]),
    severity=st.sampled_from([*Severity, "", "none"]),
    started=st.none() | st.datetimes(timezones=st.just(UTC)),
)


@given(st.lists(ALERTS, max_size=8))
def test_it_fails_only_for_an_alert_that_is_certainly_grave_new_and_ours(
    alerts: list[SeenAlert],
) -> None:
    found = verdict(gate(), *alerts)
    certain = any(
        each.target == WEB
        and each.severity in {"Sev0", "Sev1", "Sev2"}
        and each.started is not None
        and each.started >= SINCE
        for each in alerts
    )
    assert (found is GateVerdict.FAILED) == certain
    assert found is not GateVerdict.PASSED or not any(
        each.target == WEB and each.severity in {"", "none"} and each.started is None
        for each in alerts
    )
