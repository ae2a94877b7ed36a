"""The model rendered as ARM's JSON. Shapes are those of recorded exchanges, api 2024-07-01."""

from local.arm.bodies.event_subscription import subscription_body
from local.arm.bodies.flexible import bare_item, flexible_vm, listed_vm, protected_item
from local.arm.bodies.image import (
    definition_body,
    managed_image_body,
    platform_body,
    platform_item,
    platform_item_with_status,
    shared_version_body,
    version_body,
)
from local.arm.bodies.instance_view import set_view, vm_view
from local.arm.bodies.monitor import (
    alert_body,
    log_body,
    log_error,
    metrics_body,
    shown_alert,
    shown_answer,
    shown_series,
)
from local.arm.bodies.network_interface import (
    interface_name,
    interface_of_flexible,
    interface_of_uniform,
)
from local.arm.bodies.operation import operation_body, operation_url
from local.arm.bodies.rolling_upgrade import rolling_upgrade_body
from local.arm.bodies.scale_set import listed_in_subscription, quoted, set_body
from local.arm.bodies.uniform_vm import vm_body, vm_view_item

__all__ = [
    "alert_body",
    "bare_item",
    "definition_body",
    "flexible_vm",
    "interface_name",
    "interface_of_flexible",
    "interface_of_uniform",
    "listed_in_subscription",
    "listed_vm",
    "log_body",
    "log_error",
    "managed_image_body",
    "metrics_body",
    "operation_body",
    "operation_url",
    "platform_body",
    "platform_item",
    "platform_item_with_status",
    "protected_item",
    "quoted",
    "rolling_upgrade_body",
    "set_body",
    "set_view",
    "shared_version_body",
    "shown_alert",
    "shown_answer",
    "shown_series",
    "subscription_body",
    "version_body",
    "vm_body",
    "vm_view",
    "vm_view_item",
]
