"""The calls on the virtual machines of Flexible scale sets."""

import re

from starlette.responses import Response

from local.arm.base import invalid_parameter, resource_not_found
from local.arm.bodies import flexible_vm, listed_vm
from local.arm.http.answer import json_answer
from local.arm.http.call import Call
from local.arm.model import Instance, ScaleSet

_OF_SET = re.compile(r"'virtualMachineScaleSet/id' eq '([^']+)'", re.IGNORECASE)


def get_virtual_machine(call: Call) -> Response:
    scale_set, instance = _found(call)
    condition = instance.condition(call.now, call.azure.faults)
    view = "instanceview" in call.query("$expand").lower()
    etag = instance.etag(call.now)
    return json_answer(flexible_vm(scale_set, instance, condition, etag=etag, view=view))


def list_virtual_machines(call: Call) -> Response:
    """Those of one scale set, or without a filter those of all Flexible ones in the group; there
    are no others here.
    """
    text = call.query("$filter")
    wanted = _OF_SET.fullmatch(text)
    if text and wanted is None:
        raise invalid_parameter(f"The filter '{text}' is not supported.", "$filter")
    bodies = [
        listed_vm(scale_set, instance, instance.condition(call.now, call.azure.faults))
        for scale_set in _flexible(call)
        for instance in scale_set.live
        if wanted is None or scale_set.id.lower() == wanted[1].lower()
    ]
    return json_answer({"value": bodies})


def _flexible(call: Call) -> list[ScaleSet]:
    known = call.azure.scale_sets(call.path("subscription"), call.path("group"))
    return [scale_set for scale_set in known if scale_set.spec.is_flexible]


def _found(call: Call) -> tuple[ScaleSet, Instance]:
    name = call.path("vm")
    for scale_set in _flexible(call):
        if instance := scale_set.instance(name):
            return scale_set, instance
    raise resource_not_found(f"virtualMachines/{name}", call.path("group"))
