"""The caller's rights on a scale set."""

from http import HTTPStatus

from starlette.responses import Response

from local.arm.http.answer import json_answer
from local.arm.http.call import Call
from local.arm.http.right import Right
from local.arm.model import Denied

_CALLS = [
    ("GET", ""),
    ("PATCH", ""),
    ("GET", "/instanceView"),
    ("POST", "/manualupgrade"),
    ("POST", "/setOrchestrationServiceState"),
    ("GET", "/rollingUpgrades/latest"),
    ("GET", "/virtualMachines"),
]


def list_rights(call: Call) -> Response:
    """All but those of the calls that a declared fault denies now. The shape is documented; so is
    that a role has actions and notActions.
    """
    denied = [
        active.fault
        for active in call.azure.faults.active(call.now)
        if isinstance(active.fault, Denied) and active.fault.status == HTTPStatus.FORBIDDEN
    ]
    calls = [(method, f"{call.scale_set.id}{tail}") for method, tail in _CALLS]
    withheld = [
        Right.needed(method, path).action
        for method, path in calls
        if any(fault.matches(method, path) for fault in denied)
    ]
    role = {"actions": ["*"], "notActions": withheld, "dataActions": [], "notDataActions": []}
    return json_answer({"value": [role]})
