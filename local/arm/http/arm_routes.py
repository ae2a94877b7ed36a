"""The ARM calls that are served."""

from starlette.routing import Route

from local.arm.http import (
    flexible_calls,
    gallery_calls,
    image_calls,
    monitor_calls,
    network_calls,
    rights_calls,
    scale_set_calls,
    vm_calls,
)
from local.arm.http.call import Handler, endpoint
from local.arm.http.operations import read_operation
from local.arm.model import Azure

_SUBSCRIPTION = "/subscriptions/{subscription}"
_IN_SUBSCRIPTION = f"{_SUBSCRIPTION}/providers/Microsoft.Compute"
_IN_GROUP = f"{_SUBSCRIPTION}/resourceGroups/{{group}}/providers/Microsoft.Compute"
_IN_LOCATION = f"{_IN_SUBSCRIPTION}/locations/{{location}}"
_SETS = f"{_IN_GROUP}/virtualMachineScaleSets"
_SET = f"{_SETS}/{{set}}"
_VM = f"{_SET}/virtualMachines/{{instance}}"
_VMS = f"{_IN_GROUP}/virtualMachines"
_IN_NETWORK = f"{_SUBSCRIPTION}/resourceGroups/{{group}}/providers/Microsoft.Network"
_VERSIONS = (
    f"{_IN_LOCATION}/publishers/{{publisher}}/artifacttypes/vmimage/offers/{{offer}}"
    "/skus/{sku}/versions"
)
_SHARED_VERSIONS = f"{_IN_LOCATION}/sharedGalleries/{{gallery}}/images/{{image}}/versions"
_COMMUNITY_VERSIONS = f"{_IN_LOCATION}/communityGalleries/{{gallery}}/images/{{image}}/versions"
_GALLERY_IMAGE = f"{_IN_GROUP}/galleries/{{gallery}}/images/{{image}}"

_SERVED: list[tuple[str, str, Handler]] = [
    ("GET", f"{_IN_SUBSCRIPTION}/virtualMachineScaleSets", scale_set_calls.list_in_subscription),
    ("GET", _SETS, scale_set_calls.list_in_group),
    ("GET", _SET, scale_set_calls.get_set),
    ("PATCH", _SET, scale_set_calls.patch_set),
    ("PUT", _SET, scale_set_calls.put_set),
    ("GET", f"{_SET}/instanceView", scale_set_calls.get_set_view),
    ("POST", f"{_SET}/manualupgrade", scale_set_calls.post_manual_upgrade),
    ("POST", f"{_SET}/setOrchestrationServiceState", scale_set_calls.post_repairs_state),
    ("GET", f"{_SET}/rollingUpgrades/latest", scale_set_calls.get_rolling_upgrade),
    ("GET", f"{_SET}/providers/Microsoft.Authorization/permissions", rights_calls.list_rights),
    ("GET", f"{_SET}/virtualMachines", vm_calls.list_vms),
    ("GET", _VM, vm_calls.get_vm),
    ("PUT", _VM, vm_calls.put_vm),
    ("GET", f"{_VM}/instanceView", vm_calls.get_vm_view),
    ("GET", _VMS, flexible_calls.list_virtual_machines),
    ("GET", f"{_VMS}/{{vm}}", flexible_calls.get_virtual_machine),
    ("GET", f"{_SET}/networkInterfaces", network_calls.list_interfaces),
    ("GET", f"{_IN_NETWORK}/networkInterfaces/{{interface}}", network_calls.get_interface),
    ("GET", f"{_IN_LOCATION}/operations/{{operation}}", read_operation),
    ("GET", f"{_IN_LOCATION}/capsOperations/{{operation}}", read_operation),
    ("GET", _VERSIONS, image_calls.list_platform),
    ("GET", f"{_VERSIONS}/{{version}}", image_calls.get_platform),
    ("GET", _GALLERY_IMAGE, gallery_calls.get_gallery_image),
    ("GET", f"{_GALLERY_IMAGE}/versions", gallery_calls.list_gallery_versions),
    ("GET", f"{_GALLERY_IMAGE}/versions/{{version}}", gallery_calls.get_gallery_version),
    ("PUT", f"{_GALLERY_IMAGE}/versions/{{version}}", gallery_calls.put_gallery_version),
    ("PATCH", f"{_GALLERY_IMAGE}/versions/{{version}}", gallery_calls.patch_gallery_version),
    ("DELETE", f"{_GALLERY_IMAGE}/versions/{{version}}", gallery_calls.delete_gallery_version),
    ("GET", _SHARED_VERSIONS, image_calls.list_shared_versions),
    ("GET", f"{_SHARED_VERSIONS}/{{version}}", image_calls.get_shared_version),
    ("GET", _COMMUNITY_VERSIONS, image_calls.list_shared_versions),
    ("GET", f"{_COMMUNITY_VERSIONS}/{{version}}", image_calls.get_shared_version),
    ("GET", f"{_IN_GROUP}/images/{{image}}", image_calls.get_managed),
    (
        "GET",
        f"{_SUBSCRIPTION}/providers/Microsoft.AlertsManagement/alerts",
        monitor_calls.list_alerts,
    ),
    ("POST", f"{_SUBSCRIPTION}/metrics:getBatch", monitor_calls.query_metrics),
    ("POST", "/v1/workspaces/{workspace}/query", monitor_calls.query_workspace),
    ("POST", "/v1/{resource:path}/query", monitor_calls.query_resource),
]
_FIXED_SEGMENTS = {
    segment.lower(): segment
    for _, path, _ in _SERVED
    for segment in path.split("/")
    if not segment.startswith("{")
}


def arm_routes(azure: Azure) -> list[Route]:
    return [
        Route(path, endpoint(azure, handler), methods=[method]) for method, path, handler in _SERVED
    ]


def canonical(path: str) -> str:
    """The path with its fixed segments as the routes spell them: ARM compares without case."""
    segments = path.rstrip("/").split("/")
    return "/".join(_FIXED_SEGMENTS.get(segment.lower(), segment) for segment in segments) or "/"
