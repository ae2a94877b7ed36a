"""What the values of a metric mean: pass, fail, or it cannot be told."""

from math import inf, isfinite, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rollout.base import field_errors
from rollout.gates import GateVerdict, MetricGate, MetricReading, by_instance

CPU = "Percentage CPU"
PROVIDERS = "/subscriptions/s/resourceGroups/g/providers"


def gate(**fields: Any) -> MetricGate:
    usual = {"kind": "metric", "name": CPU, "condition": "< 80"}
    return MetricGate.from_request(usual | fields)


def verdict(of: MetricGate, values: list[float], others: list[float] | None = None) -> str:
    return of.judged(MetricReading(values=values, others=others or [])).verdict


def test_the_sentence_has_the_numbers() -> None:
    answered = gate().judged(MetricReading(values=[70, 80, 75]))
    assert answered.message == "Percentage CPU is 75: < 80 holds"
    assert answered.evidence == {"samples": 3, "value": 75}
    answered = gate().judged(MetricReading(values=[90, 80, 85]))
    assert answered.message == "Percentage CPU is 85: < 80 does not hold"


@pytest.mark.parametrize(
    ("aggregation", "value"),
    [("average", 4), ("minimum", 1), ("maximum", 9), ("total", 4), ("count", 4)],
)
def test_minutes_come_to_one_value(aggregation: str, value: float) -> None:
    answered = gate(aggregation=aggregation).judged(MetricReading(values=[1, 2, 9]))
    assert answered.evidence["value"] == value


@pytest.mark.parametrize("values", [[], [1], [1, 1], [1, 1, nan], [nan] * 9, [inf] * 9])
def test_too_few_samples_are_no_verdict(values: list[float]) -> None:
    answered = gate().judged(MetricReading(values=values))
    assert answered.verdict is GateVerdict.UNKNOWN
    assert "3 are needed" in answered.message
    related = gate(comparedTo="before", condition="<= 110 %")
    assert verdict(related, [1, 1, 1], values) == "unknown"


@pytest.mark.parametrize(
    ("condition", "value", "other", "expected"),
    [
        ("<= 110 %", 11, 10, "pass"),
        ("<= 110 %", 11.1, 10, "fail"),
        ("<=110%", 0, 0, "pass"),
        ("<= 110 %", 1, 0, "unknown"),
        (">= 90 %", 8, 10, "fail"),
        ("<= +5", 15, 10, "pass"),
        ("<= +5", 16, 10, "fail"),
        ("<= +5", 1, 0, "pass"),
        (">= -5", 4, 10, "fail"),
    ],
)
def test_in_relation_to_before(condition: str, value: float, other: float, expected: str) -> None:
    related = gate(comparedTo="before", condition=condition)
    assert verdict(related, [value] * 3, [other] * 3) == expected


def test_the_sentence_has_both_numbers() -> None:
    read = MetricReading(values=[30] * 3, others=[20] * 3)
    earlier = read.model_copy(update={"before": True})
    before = gate(comparedTo="before", condition="<= 110 %").judged(earlier)
    assert before.message == (
        "Percentage CPU is 30, before the rollout 20 (150 %): <= 110 % does not hold"
    )
    beside = gate(comparedTo="notUpgraded", condition="<= +5").judged(read)
    assert beside.message == (
        "Percentage CPU is 30, of those not yet upgraded 20: <= +5 does not hold"
    )


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"condition": "80"}, "condition"),
        ({"condition": "< eighty"}, "condition"),
        ({"condition": "< 80 %"}, "$"),
        ({"condition": "< 80", "comparedTo": "before"}, "$"),
        ({"condition": "< 80 %", "comparedTo": "yesterday"}, "comparedTo"),
        ({"window": "PT30S"}, "window"),
        ({"window": "P2D"}, "window"),
        ({"samples": 0}, "samples"),
        ({"aggregation": "median"}, "aggregation"),
        ({"region": "evil.example/"}, "region"),
        ({"region": "westus.evil"}, "region"),
        ({"dimension": "VMName eq '*' or x"}, "dimension"),
        ({"name": "a,b"}, "name"),
        ({"resource": "front"}, "resource"),
    ],
)
def test_what_is_refused(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(ValidationError) as raised:
        gate(**fields)
    assert [each.path for each in field_errors(raised.value)] == [path]


def test_only_the_scale_set_has_instances() -> None:
    front = f"{PROVIDERS}/Microsoft.Network/loadBalancers/front"
    with pytest.raises(ValidationError, match="only the scale set has instances"):
        gate(comparedTo="notUpgraded", condition="<= +5", resource=front)


def test_instances_are_found_by_their_names_in_both_modes() -> None:
    series = {"WEB_1": [1.0], "web_12": [2.0], "web_2": [3.0], "web_0a1b": [4.0]}
    assert by_instance(series, "web", ["1", "2"]) == [1.0, 3.0]
    assert by_instance(series, "web", ["web_0a1b"]) == [4.0]
    assert by_instance(series, "web", ["7"]) == []


@pytest.mark.parametrize(
    ("fields", "namespace"),
    [
        ({}, "Microsoft.Compute/virtualMachineScaleSets"),
        ({"resource": f"{PROVIDERS}/Microsoft.Network/loadBalancers/front"},
         "Microsoft.Network/loadBalancers"),
        ({"resource": f"{PROVIDERS}/Microsoft.Sql/servers/s/databases/d"},
         "Microsoft.Sql/servers/databases"),
        ({"namespace": "azure.vm.linux.guestmetrics"}, "azure.vm.linux.guestmetrics"),
    ],
)  # fmt: skip
def test_the_namespace_is_the_type_of_the_resource(fields: dict[str, Any], namespace: str) -> None:
    assert gate(**fields).asked_namespace == namespace


NUMBERS = st.lists(st.floats(), max_size=6)
CONDITIONS = [
    ("number", "< 80"), ("number", ">= -5"), ("before", "<= 110 %"), ("before", "<= +5"),
    ("notUpgraded", ">= 50 %"),
]  # fmt: skip


@given(NUMBERS, NUMBERS, st.sampled_from(CONDITIONS), st.integers(1, 4))
def test_it_neither_passes_nor_fails_without_its_samples(
    values: list[float], others: list[float], asked: tuple[str, str], samples: int
) -> None:
    found = verdict(gate(comparedTo=asked[0], condition=asked[1], samples=samples), values, others)
    needed = [values] if asked[0] == "number" else [values, others]
    if any(len([*filter(isfinite, each)]) < samples for each in needed):
        assert found == "unknown"
    assert found in {"pass", "fail", "unknown"}
