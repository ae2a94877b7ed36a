"""Azure Monitor's calls: alerts in Azure Resource Manager, metrics and logs on their own hosts."""

from http import HTTPStatus
from urllib.parse import urlencode

from starlette.responses import Response

from local.arm.base import Json, bad_request
from local.arm.bodies import alert_body, log_body, log_error, metrics_body
from local.arm.http.answer import json_answer
from local.arm.http.call import Call
from local.arm.monitor import AlertFilter, LogAnswer, MetricQuery

_TOKEN = "ctoken"  # noqa: S105 - the name of a parameter
_MOST_RESOURCES = 50


def list_alerts(call: Call) -> Response:
    """Of one subscription; the next link has a token, as documented (what is in it is ours)."""
    query = dict(call.request.query_params)
    asked = AlertFilter(query, call.now)
    mine = f"/subscriptions/{call.path('subscription')}/".lower()
    found = asked.apply(
        alert
        for alert in call.monitor.alerts.values()
        if alert.spec.resource.lower().startswith(mine)
    )
    begin = int(call.query(_TOKEN) or 0)
    end = begin + asked.page_size
    body: Json = {
        "value": [alert_body(alert, call.path("subscription")) for alert in found[begin:end]]
    }
    if end < len(found):
        more = urlencode({**query, _TOKEN: str(end)})
        body["nextLink"] = f"{call.base}{call.request.url.path}?{more}"
    return json_answer(body)


def query_metrics(call: Call) -> Response:
    query = MetricQuery(dict(call.request.query_params), call.now)
    listed: list[str] = call.body.get("resourceids") or []
    resources = [*map(str, listed)]
    if not 1 <= len(resources) <= _MOST_RESOURCES:
        raise bad_request(f"Name from 1 to {_MOST_RESOURCES} resources.")
    return json_answer({"values": [_metrics_of(call, query, each) for each in resources]})


def _metrics_of(call: Call, query: MetricQuery, resource: str) -> Json:
    """A metric that was not declared is none that the resource has; how that is answered is
    assumed from what the older API answers.
    """
    found = {name: call.monitor.series_of(resource, name, query.namespace) for name in query.names}
    for name, series in found.items():
        if not series:
            raise bad_request(
                f"Failed to find metric configuration for provider: {query.namespace}, metric: "
                f"{name}."
            )
    answers = ((name, series, query.answer(series)) for name, series in found.items())
    return metrics_body(query, resource, answers)


def query_workspace(call: Call) -> Response:
    return _answered(call, call.path("workspace"))


def query_resource(call: Call) -> Response:
    return _answered(call, call.path("resource"))


def _answered(call: Call, target: str) -> Response:
    """What was declared; without, a table without rows and columns."""
    answer = call.monitor.answer(target, str(call.body.get("query", ""))) or LogAnswer()
    if answer.error and not answer.partial:
        return json_answer(log_error(answer), answer.status)
    return json_answer(log_body(answer), HTTPStatus.OK)
