"""The calls on the VMs of scale sets."""

import re

from starlette.responses import Response

from local.arm.base import Json, dig, invalid_parameter, not_for_flexible
from local.arm.bodies import bare_item, protected_item, quoted, vm_body, vm_view, vm_view_item
from local.arm.http.answer import json_answer
from local.arm.http.call import Call
from local.arm.http.operations import updating
from local.arm.http.paging import page_of
from local.arm.model import Instance, ScaleSet, protect_instance

_LATEST = re.compile(r"properties/latestModelApplied eq (true|false)", re.IGNORECASE)
_HAS_POWER = "startswith(instanceView/statuses/code, 'PowerState') eq true"


def list_vms(call: Call) -> Response:
    """One page; `$expand=instanceView` keeps the model, `$select=instanceView` drops it."""
    page, link = page_of(call, _filtered(call))
    more = {} if link is None else {"nextLink": link}
    return json_answer({"value": [_item(call, instance) for instance in page], **more})


def get_vm(call: Call) -> Response:
    instance = call.instance
    if call.scale_set.spec.is_flexible:
        return json_answer(_single(call, instance))
    etag = {"ETag": quoted(instance.etag(call.now))}
    return json_answer(_single(call, instance), headers=etag)


def get_vm_view(call: Call) -> Response:
    instance = call.instance
    if call.scale_set.spec.is_flexible:
        raise not_for_flexible("instanceView")
    condition = instance.condition(call.now, call.azure.faults)
    return json_answer(vm_view(call.scale_set, instance, condition))


def put_vm(call: Call) -> Response:
    """PUT of a VM sets its protectionPolicy, and ignores the other fields. Its answer for the VM
    of a Flexible set is assumed.
    """
    scale_set, instance, now = call.scale_set, call.instance, call.now
    call.require_match(instance.etag(now))
    policy: Json = dig(call.body, "properties", "protectionPolicy") or {}
    operation = protect_instance(call.azure, scale_set, instance, policy, now)
    body, etag = _single(call, instance), instance.etag(now)
    return updating(call, operation, body, etag, scale_set.spec.retry_after_model)


def _filtered(call: Call) -> list[Instance]:
    scale_set, wanted = call.scale_set, call.query("$filter")
    if not wanted or wanted == _HAS_POWER:
        return scale_set.live
    match = _LATEST.fullmatch(wanted)
    if match is None:
        raise invalid_parameter(f"The filter '{wanted}' is not supported.", "$filter")
    latest = match[1].lower() == "true"
    return [
        instance for instance in scale_set.live if _is_latest(call, scale_set, instance) == latest
    ]


def _is_latest(call: Call, scale_set: ScaleSet, instance: Instance) -> bool:
    deployed = instance.condition(call.now, call.azure.faults).deployed
    return scale_set.has_latest_model(instance, deployed)


def _item(call: Call, instance: Instance) -> Json:
    if call.scale_set.spec.is_flexible:
        return bare_item(call.scale_set, instance)
    if call.query("$select").lower().startswith("instanceview"):
        condition = instance.condition(call.now, call.azure.faults)
        return vm_view_item(call.scale_set, instance, condition)
    return _body(call, instance)


def _single(call: Call, instance: Instance) -> Json:
    if call.scale_set.spec.is_flexible:
        return protected_item(call.scale_set, instance)
    return _body(call, instance)


def _body(call: Call, instance: Instance) -> Json:
    condition = instance.condition(call.now, call.azure.faults)
    view = "instanceview" in call.query("$expand").lower()
    return vm_body(call.scale_set, instance, condition, now=call.now, view=view)
