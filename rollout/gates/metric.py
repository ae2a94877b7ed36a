"""The kind metric: a platform metric of Azure Monitor."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from math import isfinite
from statistics import fmean
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StrictInt, StringConstraints, model_validator

from rollout.base import Duration, Request, Value, counted, folded, spoken
from rollout.gates.answered import Answered, GateVerdict
from rollout.gates.comparison import AnyComparison, Comparison, shown
from rollout.gates.resource import ResourceId

_SCALE_SETS = "Microsoft.Compute/virtualMachineScaleSets"
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
_WHOLE = 100


class Aggregation(StrEnum):
    """What Azure makes of the samples of a minute."""

    AVERAGE = "average"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    TOTAL = "total"
    COUNT = "count"

    def over(self, minutes: Sequence[float]) -> float:
        """What the minutes come to; of totals and counts, what there was each minute: so that
        windows of different lengths can be compared.
        """
        of_all = {Aggregation.MINIMUM: min, Aggregation.MAXIMUM: max}
        return of_all.get(self, fmean)(minutes)


class ComparedTo(StrEnum):
    """What the metric is compared to."""

    NUMBER = "number"
    BEFORE = "before"
    NOT_UPGRADED = "notUpgraded"


def _a_window(window: timedelta) -> timedelta:
    if not _MINUTE <= window <= _DAY:
        raise ValueError("must be from a minute (PT1M) to a day (P1D)")
    return window


class MetricReading(Value):
    """The values of minutes: of what is judged, and of what it is compared to."""

    values: list[float]
    others: list[float] = []
    before: bool = False
    """Whether these others are from before the rollout."""


_Name = StringConstraints(strict=True, min_length=1, max_length=200, pattern=r"^[^,'\x00-\x1f]+$")


class MetricGate(Request):
    """Passes while a metric fulfils `condition`."""

    kind: Literal["metric"]
    namespace: Annotated[str, _Name] | None = Field(
        default=None, description="The metric's namespace, if it is not the resource's type."
    )
    name: Annotated[str, _Name] = Field(description="The metric's name in Azure's API.")
    aggregation: Aggregation = Field(
        default=Aggregation.AVERAGE, description="total and count: per minute."
    )
    resource: ResourceId | None = Field(default=None, description="The scale set.")
    region: (
        Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9]{1,40}$")] | None
    ) = Field(
        default=None,
        description="The resource's region, or global; that of the scale set if left out.",
    )
    window: Annotated[Duration, AfterValidator(_a_window)] = Field(
        default=timedelta(minutes=5), description="How far back it is looked at."
    )
    compared_to: ComparedTo = Field(
        default=ComparedTo.NUMBER,
        description="number: the condition is about the value itself. before: about the value in "
        "relation to that of the window before the rollout began. notUpgraded: about the upgraded "
        "instances in relation to those that are not yet, or, when none is left, to all before.",
    )
    condition: AnyComparison = Field(
        description="Such as < 80. In relation to something else: <= 110 % of it, or <= +5 more "
        "than it."
    )
    dimension: Annotated[str, _Name] = Field(
        default="VMName", description="The metric's dimension that names the instances."
    )
    samples: Annotated[StrictInt, Field(ge=1, le=1000)] = Field(
        default=3, description="With fewer minutes that have a value it cannot be told."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        asked = Comparison.parse(self.condition)
        relative = asked.percent or asked.signed
        if self.compared_to is ComparedTo.NUMBER and asked.percent:
            raise ValueError("condition must be in the metric's own unit: leave out %")
        if self.compared_to is not ComparedTo.NUMBER and not relative:
            raise ValueError(
                f"condition must be in relation to {self.compared_to}: such as <= 110 %, or <= +5"
            )
        if self.compared_to is ComparedTo.NOT_UPGRADED and self.resource is not None:
            raise ValueError("resource must be left out: only the scale set has instances")
        return self

    @property
    def asked_namespace(self) -> str:
        """The namespace that Azure is asked for."""
        provider = (self.resource or "").partition("/providers/")[2].split("/")
        own = "/".join([provider[0], *provider[1::2]]) if self.resource else _SCALE_SETS
        return self.namespace or own

    def judged(self, read: MetricReading) -> Answered:
        """The verdict of what was measured."""
        values, others = _numbers(read.values), _numbers(read.others)
        evidence: dict[str, Any] = {"samples": len(values)}
        if len(values) < self.samples:
            return Answered.unknown(self._too_few(len(values), "so far"), **evidence)
        value = self.aggregation.over(values)
        evidence |= {"value": value}
        if self.compared_to is ComparedTo.NUMBER:
            return self._compared(value, f"{self.name} is {shown(value)}", evidence)
        evidence |= {"otherSamples": len(others)}
        beside = "before the rollout" if read.before else "of those not yet upgraded"
        if len(others) < self.samples:
            return Answered.unknown(self._too_few(len(others), beside), **evidence)
        other = self.aggregation.over(others)
        said = f"{self.name} is {shown(value)}, {beside} {shown(other)}"
        return self._related(value, other, said, evidence | {"other": other})

    def _related(self, value: float, other: float, said: str, evidence: dict[str, Any]) -> Answered:
        if not Comparison.parse(self.condition).percent:
            return self._compared(value - other, said, evidence)
        if other == 0 and value != 0:
            why = "of nothing there are no percent: write the condition as a difference, <= +5"
            return Answered.unknown(f"{said}: {why}", **evidence)
        share = _WHOLE if value == other else value / other * _WHOLE
        return self._compared(share, f"{said} ({shown(share)} %)", evidence)

    def _compared(self, value: float, said: str, evidence: dict[str, Any]) -> Answered:
        if not isfinite(value):
            return Answered.unknown(f"{said}, which is no number", **evidence)
        passed = Comparison.parse(self.condition).holds(value)
        return Answered(
            verdict=GateVerdict.PASSED if passed else GateVerdict.FAILED,
            message=f"{said}: {self.condition} {'holds' if passed else 'does not hold'}",
            evidence=evidence,
        )

    def _too_few(self, count: int, whose: str) -> str:
        return (
            f"{self.name} has {counted(count, 'minute')} with a value {whose} in "
            f"{spoken(self.window)}, and {self.samples} are needed"
        )


def by_instance(
    series: Mapping[str, Sequence[float]], scale_set: str, instance_ids: Sequence[str]
) -> list[float]:
    """The values of those instances. In Uniform mode, Azure names a VM by scale set and id; in
    Flexible, the id is its name. What the dimension says of them was never recorded: both are
    taken.
    """
    names = {folded(name) for each in instance_ids for name in (each, f"{scale_set}_{each}")}
    return [value for name, values in series.items() if folded(name) in names for value in values]


def _numbers(values: Sequence[float]) -> list[float]:
    return [value for value in values if isfinite(value)]
