"""The kind alert: no alert of Azure Monitor is fired."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from rollout.base import Request, Value, counted, folded, sentence
from rollout.gates.answered import Answered, GateVerdict
from rollout.gates.resource import ResourceId

_SHOWN = 5
_LONGEST_NAME = 100


class Severity(StrEnum):
    """Azure's, the gravest first."""

    CRITICAL = "Sev0"
    ERROR = "Sev1"
    WARNING = "Sev2"
    INFORMATIONAL = "Sev3"
    VERBOSE = "Sev4"

    def reaches(self, text: str) -> bool | None:
        """Whether that severity is this one or graver; None if it is none that Azure has."""
        grades = [folded(each) for each in Severity]
        if folded(text) not in grades:
            return None
        return grades.index(folded(text)) <= grades.index(folded(self))


class SeenAlert(Value):
    """A fired alert, as Azure lists it; what it does not say is empty."""

    rule: str = ""
    target: str = ""
    severity: str = ""
    started: datetime | None = None

    @property
    def name(self) -> str:
        """The rule's, which is the end of its id."""
        return sentence(self.rule.rstrip("/").rpartition("/")[2], _LONGEST_NAME) or "without a name"


class AlertGate(Request):
    """Passes while no alert is fired that fired since the last batch began that was let pass: on
    `resources` (by default the scale set and its instances), or by one of `rules`, of `severity` or
    graver.
    """

    kind: Literal["alert"]
    severity: Severity = Field(
        default=Severity.WARNING, description="Alerts of this severity or a graver one count."
    )
    rules: list[Annotated[str, StringConstraints(strict=True, min_length=1, max_length=500)]] = (
        Field(
            default_factory=list[str],
            max_length=20,
            description="Names or ARM ids of alert rules, whatever resource their alerts are on.",
        )
    )
    resources: list[ResourceId] = Field(
        default_factory=list[str],
        max_length=20,
        description="Alerts on these or on what belongs to them count. The scale set, if neither "
        "rules nor resources are named.",
    )

    def judged(
        self,
        fired: Sequence[SeenAlert],
        scale_set: str,
        since: datetime,
        beside: Sequence[str] = (),
    ) -> Answered:
        """The verdict of all alerts that are fired now, or at least all since then. `beside` are
        the ids of instances that are not below the scale set's: those of a Flexible one.
        """
        own = [scale_set, *beside]
        mine = [each for each in fired if self._concerns(each, own)]
        counting = [each for each in mine if self._counts(each, since)]
        bad = [each for each in counting if self.severity.reaches(each.severity)]
        unclear = [
            each
            for each in counting
            if each.started is None or self.severity.reaches(each.severity) is None
        ]
        evidence = _evidence(bad or unclear, since)
        if certain := [each for each in bad if each.started is not None]:
            what = f"{counted(len(certain), 'alert')} fired: {_named(certain)}"
            return Answered(verdict=GateVerdict.FAILED, message=what, evidence=evidence)
        if unclear:
            what = f"Azure does not say how grave, or how old, an alert is: {_named(unclear)}"
            return Answered.unknown(what, **evidence)
        what = f"no alert of {self.severity} or graver has fired since {since:%H:%M} UTC"
        return Answered(verdict=GateVerdict.PASSED, message=what, evidence=evidence)

    def _concerns(self, alert: SeenAlert, own: Sequence[str]) -> bool:
        targets = self.resources or ([] if self.rules else own)
        return any(_within(alert.target, each) for each in targets) or any(
            _is_rule(alert.rule, each) for each in self.rules
        )

    def _counts(self, alert: SeenAlert, since: datetime) -> bool:
        grave = self.severity.reaches(alert.severity) is not False
        return grave and (alert.started is None or alert.started >= since)


def _within(target: str, resource: str) -> bool:
    return f"{folded(target).strip('/')}/".startswith(f"{folded(resource).strip('/')}/")


def _is_rule(rule: str, wanted: str) -> bool:
    whole, name = folded(rule).strip("/"), folded(rule).rstrip("/").rpartition("/")[2]
    return folded(wanted).strip("/") in {whole, name}


def _named(alerts: Sequence[SeenAlert]) -> str:
    shown = [f"{each.name} ({each.severity or 'no severity'})" for each in alerts[:_SHOWN]]
    more = f" and {len(alerts) - _SHOWN} more" if len(alerts) > _SHOWN else ""
    return f"{', '.join(shown)}{more}"


def _evidence(alerts: Sequence[SeenAlert], since: datetime) -> dict[str, Any]:
    named = [
        {"rule": each.name, "severity": each.severity, "target": sentence(each.target, 300)}
        for each in alerts[:_SHOWN]
    ]
    return {
        "since": since.isoformat(),
        "alerts": len(alerts),
        **({"first": named} if named else {}),
    }
