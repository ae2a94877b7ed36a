"""How Event Grid makes sure that an endpoint agrees to its events, before it sends any.

Source: Event Grid's documentation of endpoint validation, and the Functions extension, which takes
the validation event in both schemas (the CloudEvent with its data as JSON text inside JSON).
"""

import json
from datetime import datetime
from http import HTTPStatus

import httpx

from local.arm.base import SUBSCRIPTION, ArmError, Json, guid, is_object
from local.arm.event_grid.resource_event import event_time
from local.arm.event_grid.subscription import SubscriptionSpec

ORIGIN = "eventgrid.azure.net"
_SHOWN = 200


def validate_endpoint(http: httpx.Client, spec: SubscriptionSpec, now: datetime) -> None:
    """Raises ArmError when the endpoint cannot be reached, or does not prove that it agrees."""
    try:
        if spec.delivery_schema == "CloudEventSchemaV1_0" and not spec.is_function:
            _ask_for_permission(http, spec)
        else:
            _validate(http, spec, now)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _refused(spec, f"cannot be reached ({error})") from error


def _validate(http: httpx.Client, spec: SubscriptionSpec, now: datetime) -> None:
    code = guid("validation", spec.name, spec.endpoint, now)
    headers = {
        "aeg-event-type": "SubscriptionValidation",
        "aeg-subscription-name": spec.name.upper(),
    }
    answer = http.post(spec.endpoint, json=_validation(spec, code, now), headers=headers)
    if answer.status_code != HTTPStatus.OK:
        raise _refused(spec, f"answered the validation event with {_shown(answer)}, not with 200")
    if _code_in(answer) != code:
        why = f"answered {_shown(answer)}, not with the validation code as validationResponse"
        raise _refused(spec, why)


def _ask_for_permission(http: httpx.Client, spec: SubscriptionSpec) -> None:
    """The CloudEvents way for webhooks: OPTIONS, and who may send what."""
    answer = http.options(spec.endpoint, headers={"WebHook-Request-Origin": ORIGIN})
    allowed = answer.headers.get("WebHook-Allowed-Origin", "")
    if answer.status_code != HTTPStatus.OK or allowed not in {"*", ORIGIN}:
        why = f"answered OPTIONS with {_shown(answer)} and WebHook-Allowed-Origin {allowed!r}"
        raise _refused(spec, f"{why}, not with 200 and '{ORIGIN}' or '*'")


def _validation(spec: SubscriptionSpec, code: str, now: datetime) -> Json | list[Json]:
    data = {"validationCode": code}
    name = "Microsoft.EventGrid.SubscriptionValidationEvent"
    topic = f"/subscriptions/{SUBSCRIPTION}"
    common = {"id": guid("validation event", code), "subject": "", "data": data}
    if spec.delivery_schema == "CloudEventSchemaV1_0":
        cloud = {"specversion": "1.0", "source": topic, "type": name, "time": event_time(now)}
        return common | cloud | {"data": json.dumps(data)}
    own = {"topic": topic, "eventType": name, "eventTime": event_time(now)}
    return [common | own | {"metadataVersion": "1", "dataVersion": "2"}]


def _code_in(answer: httpx.Response) -> object:
    try:
        body = answer.json()
    except ValueError:
        return None
    return body.get("validationResponse") if is_object(body) else None


def _shown(answer: httpx.Response) -> str:
    text = answer.text[:_SHOWN]
    return f"{answer.status_code} {text!r}" if text else str(answer.status_code)


def _refused(spec: SubscriptionSpec, why: str) -> ArmError:
    return ArmError(
        400,
        "EndpointValidationFailed",
        f"The event subscription '{spec.name}' was not made: its endpoint {spec.endpoint} {why}. "
        "See that it is up and answers the validation handshake, then subscribe again.",
    )
