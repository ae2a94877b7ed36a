"""The simulated cloud without HTTP: `Azure` with its scale sets, faults and the truth about them.

`ScaleSetSpec` declares a scale set; the calls are what ARM can be asked to do to one.
"""

from local.arm.model.azure import Azure
from local.arm.model.buckets import Buckets, Taken
from local.arm.model.calls import change_scale_set, manual_upgrade, protect_instance, set_repairs
from local.arm.model.contents import Contents
from local.arm.model.deployment import Deployment
from local.arm.model.fault import (
    AnswerFault,
    Conflict,
    Denied,
    DropConnection,
    Fault,
    Rewrite,
    ServerError,
    Throttle,
)
from local.arm.model.fault_reading import fault_from_json
from local.arm.model.faults import ActiveFault, Faults
from local.arm.model.gallery_calls import WriteMethod, delete_version, write_version
from local.arm.model.instance import Condition, Health, Instance, Power, Provisioning
from local.arm.model.operation import Operation
from local.arm.model.place import Place
from local.arm.model.profile import VM_SIZE
from local.arm.model.received import Answered, BoxAnswer, Received
from local.arm.model.request_log import RequestLog, Served
from local.arm.model.scale_set import ScaleSet
from local.arm.model.spec import UBUNTU, ScaleSetSpec

__all__ = [
    "UBUNTU",
    "VM_SIZE",
    "ActiveFault",
    "AnswerFault",
    "Answered",
    "Azure",
    "BoxAnswer",
    "Buckets",
    "Condition",
    "Conflict",
    "Contents",
    "Denied",
    "Deployment",
    "DropConnection",
    "Fault",
    "Faults",
    "Health",
    "Instance",
    "Operation",
    "Place",
    "Power",
    "Provisioning",
    "Received",
    "RequestLog",
    "Rewrite",
    "ScaleSet",
    "ScaleSetSpec",
    "Served",
    "ServerError",
    "Taken",
    "Throttle",
    "WriteMethod",
    "change_scale_set",
    "delete_version",
    "fault_from_json",
    "manual_upgrade",
    "protect_instance",
    "set_repairs",
    "write_version",
]
