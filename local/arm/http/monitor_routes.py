"""The controls of the simulated Azure Monitor, under /_sim."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Literal

from starlette.responses import Response

from local.arm.base import Declared
from local.arm.bodies import shown_alert, shown_series
from local.arm.http.answer import empty_answer, json_answer
from local.arm.http.call import Call
from local.arm.http.problem import problem
from local.arm.monitor import AlertSpec, LogAnswer, SeriesSpec


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
        ("GET", logs, _logs),
        ("POST", logs, _declare_answer),
        ("DELETE", logs, _forget_logs),
    ]


def _alerts(call: Call) -> Response:
    return json_answer([shown_alert(alert) for alert in call.monitor.alerts.values()])


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
        detail = f"There is no alert {call.path('alert')!r}: GET /_sim/alerts lists those there are"
        return problem(HTTPStatus.NOT_FOUND, f"{detail}.")
    return json_answer(shown_alert(alert))


def _forget_alerts(call: Call) -> Response:
    with call.azure.changing():
        call.monitor.alerts.clear()
    return empty_answer(HTTPStatus.NO_CONTENT)


def _metrics(call: Call) -> Response:
    return json_answer([shown_series(series) for series in call.monitor.series.values()])


def _measure(call: Call) -> Response:
    spec = SeriesSpec.from_json(call.body)
    with call.azure.changing() as now:
        call.monitor.measure(spec, now)
    return empty_answer(HTTPStatus.NO_CONTENT)


def _forget_metrics(call: Call) -> Response:
    with call.azure.changing():
        call.monitor.series.clear()
    return empty_answer(HTTPStatus.NO_CONTENT)


def _logs(call: Call) -> Response:
    answers = call.monitor.answers
    return json_answer([answer.model_dump(mode="json", by_alias=True) for answer in answers])


def _declare_answer(call: Call) -> Response:
    answer = LogAnswer.from_json(call.body)
    with call.azure.changing():
        call.monitor.declare(answer)
    return empty_answer(HTTPStatus.NO_CONTENT)


def _forget_logs(call: Call) -> Response:
    with call.azure.changing():
        call.monitor.answers.clear()
    return empty_answer(HTTPStatus.NO_CONTENT)
