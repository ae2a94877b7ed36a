"""The controls of the simulated Azure Monitor, under /_sim."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Literal

from starlette.responses import Response

from local.arm.base import Declared, Json
from local.arm.bodies import shown_alert, shown_answer, shown_series
from local.arm.http.answer import empty_answer, json_answer
from local.arm.http.call import Call
from local.arm.http.problem import problem
from local.arm.monitor import AlertSpec, LogAnswer, Monitor, SeriesSpec


class _Change(Declared):
    condition: Literal["Resolved"] = "Resolved"


def monitor_controls(prefix: str) -> list[tuple[str, str, Callable[[Call], Response]]]:
    alerts, metrics, logs = f"{prefix}/alerts", f"{prefix}/metrics", f"{prefix}/logs"
    return [
        ("GET", alerts, _alerts),
        ("POST", alerts, _fire),
        ("DELETE", alerts, _forget_alerts),
        ("PUT", f"{alerts}/{{alert}}", _resolve),
        ("DELETE", f"{alerts}/{{alert}}", _resolve),
        ("GET", metrics, _metrics),
        ("POST", metrics, _measure),
        ("DELETE", metrics, _forget_metrics),
        ("DELETE", f"{metrics}/{{series}}", _unmeasure),
        ("GET", logs, _logs),
        ("POST", logs, _declare_answer),
        ("DELETE", logs, _forget_logs),
        ("DELETE", f"{logs}/{{answer}}", _withdraw_answer),
    ]


def shown_monitor(monitor: Monitor) -> Json:
    """All that it has, each list as its own control shows it."""
    return {
        "alerts": [shown_alert(alert) for alert in monitor.alerts.values()],
        "metrics": [shown_series(series) for series in monitor.series.values()],
        "logs": [shown_answer(answer) for answer in monitor.answers],
    }


def _alerts(call: Call) -> Response:
    return json_answer(shown_monitor(call.monitor)["alerts"])


def _fire(call: Call) -> Response:
    spec = AlertSpec.from_json(call.body)
    with call.azure.changing() as now:
        alert = call.monitor.fire(spec, now)
    return json_answer({"id": alert.id}, HTTPStatus.CREATED)


def _resolve(call: Call) -> Response:
    """An alert is never gone: Azure keeps it for 30 days."""
    if call.raw_body:
        _Change.from_json(call.body)
    with call.azure.changing() as now:
        alert = call.monitor.resolve(call.path("alert"), now)
    if alert is None:
        return _none(call, "alert", "alerts")
    return json_answer(shown_alert(alert))


def _none(call: Call, what: str, listed: str) -> Response:
    detail = f"There is no {what} {call.path(what)!r}: GET /_sim/{listed} lists those there are."
    return problem(HTTPStatus.NOT_FOUND, detail)


def _forget_alerts(call: Call) -> Response:
    with call.azure.changing():
        call.monitor.alerts.clear()
    return empty_answer(HTTPStatus.NO_CONTENT)


def _metrics(call: Call) -> Response:
    return json_answer(shown_monitor(call.monitor)["metrics"])


def _measure(call: Call) -> Response:
    spec = SeriesSpec.from_json(call.body)
    with call.azure.changing() as now:
        call.monitor.measure(spec, now)
    return empty_answer(HTTPStatus.NO_CONTENT)


def _forget_metrics(call: Call) -> Response:
    with call.azure.changing():
        call.monitor.series.clear()
    return empty_answer(HTTPStatus.NO_CONTENT)


def _unmeasure(call: Call) -> Response:
    with call.azure.changing():
        found = call.monitor.unmeasure(call.path("series"))
    return empty_answer(HTTPStatus.NO_CONTENT) if found else _none(call, "series", "metrics")


def _logs(call: Call) -> Response:
    return json_answer(shown_monitor(call.monitor)["logs"])


def _declare_answer(call: Call) -> Response:
    answer = LogAnswer.from_json(call.body)
    with call.azure.changing():
        call.monitor.declare(answer)
    return empty_answer(HTTPStatus.NO_CONTENT)


def _forget_logs(call: Call) -> Response:
    with call.azure.changing():
        call.monitor.answers.clear()
    return empty_answer(HTTPStatus.NO_CONTENT)


def _withdraw_answer(call: Call) -> Response:
    with call.azure.changing():
        found = call.monitor.withdraw(call.path("answer"))
    return empty_answer(HTTPStatus.NO_CONTENT) if found else _none(call, "answer", "logs")
