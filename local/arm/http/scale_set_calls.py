"""The calls on scale sets."""

from starlette.responses import Response

from local.arm.base import (
    bad_request,
    invalid_parameter,
    not_for_flexible,
    resource_group_not_found,
    resource_not_found,
)
from local.arm.bodies import (
    listed_in_subscription,
    quoted,
    rolling_upgrade_body,
    set_body,
    set_view,
)
from local.arm.http.answer import json_answer
from local.arm.http.call import Call
from local.arm.http.operations import accepted, updating
from local.arm.model import change_scale_set, manual_upgrade, set_repairs


def get_set(call: Call) -> Response:
    scale_set, now = call.scale_set, call.now
    return json_answer(set_body(scale_set, now), headers={"ETag": quoted(scale_set.etag(now))})


def list_in_group(call: Call) -> Response:
    """Here a resource group exists as soon as a scale set is in it."""
    found = call.azure.scale_sets(call.path("subscription"), call.path("group"))
    if not found:
        raise resource_group_not_found(call.path("group"))
    return json_answer({"value": [set_body(scale_set, call.now) for scale_set in found]})


def list_in_subscription(call: Call) -> Response:
    found = call.azure.scale_sets(call.path("subscription"))
    return json_answer(
        {"value": [listed_in_subscription(scale_set, call.now) for scale_set in found]}
    )


def get_set_view(call: Call) -> Response:
    """Documented as not supported for Flexible; how that is answered is assumed."""
    if call.scale_set.spec.is_flexible:
        raise not_for_flexible("instanceView")
    return json_answer(set_view(call.scale_set, call.azure.faults, call.now))


def get_rolling_upgrade(call: Call) -> Response:
    """Azure's own rolling upgrade; the answer where there never was one is assumed."""
    body = rolling_upgrade_body(call.scale_set, call.now)
    if body is None:
        path = f"virtualMachineScaleSets/{call.path('set')}/rollingUpgrades/latest"
        raise resource_not_found(path, call.path("group"))
    return json_answer(body)


def patch_set(call: Call) -> Response:
    scale_set, now = call.scale_set, call.now
    call.require_match(scale_set.etag(now))
    operation = change_scale_set(call.azure, scale_set, call.body, now)
    method = "PUT" if call.request.method == "PUT" else "PATCH"
    failed = bool(operation.failed_ids)
    call.azure.publish_change(scale_set.id, method, now, operation.end, failed=failed)
    body, etag = set_body(scale_set, now), scale_set.etag(now)
    return updating(call, operation, body, etag, scale_set.spec.retry_after_model)


def put_set(call: Call) -> Response:
    """PUT of an existing set. New ones are created under /_sim, with the settings they need."""
    known = call.azure.scale_sets(call.path("subscription"), call.path("group"))
    if all(scale_set.spec.name.lower() != call.path("set").lower() for scale_set in known):
        raise bad_request("The simulated Azure makes scale sets with POST /_sim/scale-sets.")
    return patch_set(call)


def post_manual_upgrade(call: Call) -> Response:
    scale_set = call.scale_set
    ids = call.body.get("instanceIds")
    if ids is None:
        message = "Required parameter 'instanceIds' is missing (null)."
        raise invalid_parameter(message, "instanceIds")
    operation = manual_upgrade(call.azure, scale_set, list(map(str, ids)), call.now)
    action = f"{scale_set.id}/manualUpgrade"
    failed = bool(operation.failed_ids)
    call.azure.publish_change(action, "POST", call.now, operation.end, failed=failed)
    return accepted(call, operation, scale_set.spec.retry_after_action)


def post_repairs_state(call: Call) -> Response:
    scale_set = call.scale_set
    operation = set_repairs(call.azure, scale_set, call.body, call.now)
    return accepted(call, operation, scale_set.spec.retry_after_action)
