"""Scale sets in Azure: what the app reads of them, and the two things it changes."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from azure.core import MatchConditions

from compute.client import connect
from compute.errors import explained
from compute.image_shapes import image_patch
from compute.instances import InstanceReader
from compute.json_body import dig_list
from compute.plain import API_VERSION, get_json
from compute.shapes import operation_of, scale_set_of
from rollout.fleet import Fleet, ScaleSet
from rollout.health import HealthSource
from rollout.image import Image
from rollout.reading import Operation
from rollout.scale_set_id import ScaleSetId
from rollout.task import RepairsState

if TYPE_CHECKING:
    from azure.core.pipeline import PipelineResponse


def read_scale_set(scale_set_id: ScaleSetId) -> ScaleSet:
    """One GET of the scale set, as plain JSON: it is read with every look at a batch. Raises
    ArmFailure.
    """
    with explained("read", str(scale_set_id)):
        url = f"{scale_set_id}?api-version={API_VERSION}"
        body = get_json(scale_set_id.subscription, url)
    return scale_set_of(scale_set_id, body)


def reader_of(scale_set: ScaleSet, source: HealthSource) -> InstanceReader:
    """Reads the instances of this scale set."""
    return InstanceReader(
        scale_set.id,
        source,
        reports_health=scale_set.reports_health,
        flexible=scale_set.flexible,
    )


def read_fleet(
    scale_set_id: ScaleSetId, source: HealthSource, protection_of: Collection[str] | None = None
) -> Fleet:
    """The scale set and all its instances, as they are now; whether they are protected at least of
    `protection_of` (None: of all). Raises ArmFailure.
    """
    scale_set = read_scale_set(scale_set_id)
    instances = reader_of(scale_set, source).all(protection_of)
    return Fleet.model_construct(scale_set=scale_set, instances=instances)


def set_image(scale_set_id: ScaleSetId, image: Image, etag: str) -> str | None:
    """PATCH the image of the model, if nobody changed the scale set since `etag` was read.

    Returns the URL of the operation; the answer is 200 with provisioningState Updating. Without
    `match_condition` the SDK ignores the ETag. Raises ArmFailure, of kind stale for a 412.
    """
    from azure.mgmt.compute.models import VirtualMachineScaleSetUpdate

    answer = _Headers()
    with explained("set the image of", str(scale_set_id)):
        connect(scale_set_id.subscription).virtual_machine_scale_sets.begin_update(
            scale_set_id.resource_group,
            scale_set_id.name,
            VirtualMachineScaleSetUpdate(image_patch(image)),
            etag=etag,
            match_condition=MatchConditions.IfNotModified,
            polling=False,
            raw_response_hook=answer.keep,
        )
    return answer.operation_url


def read_repairs(scale_set_id: ScaleSetId) -> RepairsState:
    """The state of automatic instance repairs, which only the instance view of a scale set says
    (orchestrationServices); off where it says nothing. Raises ArmFailure.
    """
    with explained("read the automatic repairs of", str(scale_set_id)):
        view = connect(scale_set_id.subscription).virtual_machine_scale_sets.get_instance_view(
            scale_set_id.resource_group, scale_set_id.name
        )
    for service in dig_list(view, "orchestrationServices"):
        if service["serviceName"] == _REPAIRS:
            return RepairsState(service["serviceState"])
    return RepairsState.OFF


def set_repairs(scale_set_id: ScaleSetId, state: RepairsState) -> str | None:
    """Suspend automatic instance repairs, or let them run; returns the URL of the operation.
    Raises ArmFailure.
    """
    action = "Suspend" if state is RepairsState.SUSPENDED else "Resume"
    answer = _Headers()
    with explained(f"{action.lower()} the automatic repairs of", str(scale_set_id)):
        client = connect(scale_set_id.subscription)
        client.virtual_machine_scale_sets.begin_set_orchestration_service_state(
            scale_set_id.resource_group,
            scale_set_id.name,
            {"serviceName": _REPAIRS, "action": action},
            polling=False,
            raw_response_hook=answer.keep,
        )
    return answer.operation_url


def start_upgrade(scale_set_id: ScaleSetId, instance_ids: list[str]) -> str | None:
    """POST manualupgrade for exactly these instances; returns the URL of the operation.

    Raises ArmFailure, and ValueError for an empty list: that is never sent, because Azure takes a
    call without ids for the whole fleet.
    """
    if not instance_ids or "*" in instance_ids:
        raise ValueError(f"refusing a fleet-wide upgrade of {scale_set_id}: name the instances")
    answer = _Headers()
    with explained(f"upgrade {len(instance_ids)} instance(s) of", str(scale_set_id)):
        connect(scale_set_id.subscription).virtual_machine_scale_sets.begin_update_instances(
            scale_set_id.resource_group,
            scale_set_id.name,
            {"instanceIds": instance_ids},
            polling=False,
            raw_response_hook=answer.keep,
        )
    return answer.operation_url


def read_operation(scale_set_id: ScaleSetId, url: str) -> Operation:
    """One look at a long-running operation. Raises ArmFailure."""
    with explained("read the operation on", str(scale_set_id)):
        return operation_of(get_json(scale_set_id.subscription, url))


_REPAIRS = "AutomaticRepairs"


class _Headers:
    """Keeps the headers of the answer that begins a long-running operation."""

    def __init__(self) -> None:
        self._headers: Mapping[str, str] = {}

    def keep(self, response: "PipelineResponse[Any, Any]") -> None:
        self._headers = response.http_response.headers

    @property
    def operation_url(self) -> str | None:
        return self._headers.get("azure-asyncoperation")
