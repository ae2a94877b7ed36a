"""Asks for fired alerts: GET /subscriptions/{id}/providers/Microsoft.AlertsManagement/alerts."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from compute.arm_json import every_item
from monitor.asking import asked
from monitor.client import alerts_client
from rollout.gates import AlertGate, Answered, GatePlace, GateQuestion, SeenAlert

_PAGE = 250
_MOST = 2500
"""Of one question; Azure keeps the alerts of thirty days."""
_OF_THE_BATCH = {GatePlace.AFTER_BATCH, GatePlace.BAKE, GatePlace.WAVE}
_RANGES = {"1d": timedelta(hours=23), "7d": timedelta(days=6)}
"""Azure's words, and for how long they surely do."""
_LONGEST = "30d"


async def ask_alerts(gate: AlertGate, question: GateQuestion) -> Answered:
    """One list: all alerts of the subscription that are fired, the latest first. An alert may be
    on an instance, which is why Azure's filter by resource does not do.
    """
    subscription = question.scale_set.subscription
    since = begin_of(question).replace(microsecond=0)  # alerts are dated to the second

    def read() -> Answered:
        listed = alerts_client(subscription).alerts.get_all(
            monitor_condition="Fired",
            time_range=_range(question.now - since),
            page_count=_PAGE,
            sort_by="startDateTime",
            sort_order="desc",
        )
        seen = [*islice(_since(map(_alert, every_item(listed)), since), _MOST + 1)]
        answered = gate.judged(seen, str(question.scale_set), since, _beside(question))
        if len(seen) > _MOST:
            return Answered.unknown(f"more than {_MOST} alerts have fired since the batch began")
        return answered

    scope = f"/subscriptions/{subscription}"
    return await asked(read, "read the alerts of", scope, f"the role Monitoring Reader on {scope}")


def _beside(question: GateQuestion) -> list[str]:
    """The ids of the instances of a Flexible scale set: VMs beside it, by their names. Those of a
    Uniform one, which are numbers, are below it.
    """
    group = str(question.scale_set).partition("/virtualMachineScaleSets/")[0]
    names = {*question.instance_ids, *question.others}
    return sorted(f"{group}/virtualMachines/{name}" for name in names if not name.isdecimal())


def begin_of(question: GateQuestion) -> datetime:
    """From when on alerts count: after a batch those since the last one began whose gates have
    passed, after a wave those since the one before began; between two batches, they are the
    rollout's.
    """
    return question.since if question.place in _OF_THE_BATCH else question.began


def _range(age: timedelta) -> str:
    return next((name for name, longest in _RANGES.items() if age <= longest), _LONGEST)


def _alert(body: Any) -> SeenAlert:
    essentials = body.properties.essentials
    return SeenAlert(
        rule=essentials.alert_rule or "",
        target=essentials.target_resource or "",
        severity=essentials.severity or "",
        started=essentials.start_date_time,
    )


def _since(alerts: Iterable[SeenAlert], since: datetime) -> Iterator[SeenAlert]:
    """Up to the first that is older; the others are older still."""
    for alert in alerts:
        if alert.started is not None and alert.started < since:
            return
        yield alert
