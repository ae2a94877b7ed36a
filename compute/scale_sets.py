"""Scale sets in Azure: what the app reads of them, and the three things it changes."""

import re
from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from azure.core import MatchConditions

from compute.arm_json import API_VERSION, get_json
from compute.client import connect
from compute.errors import explained
from compute.images import image_patch
from compute.instances import InstanceReader
from compute.json_body import Body, dig, dig_list
from compute.shapes import operation_of, scale_set_of
from rollout.base import ArmError, ArmErrorKind
from rollout.batch import Operation, RepairsState
from rollout.inventory import HealthSource, Image, Inventory, ScaleSet, ScaleSetId

if TYPE_CHECKING:
    from azure.core.pipeline import PipelineResponse


def read_scale_set(scale_set_id: ScaleSetId) -> ScaleSet:
    """One GET of the scale set, as plain JSON, because every read of a batch includes it. Raises
    ArmFailure.
    """
    return scale_set_of(scale_set_id, _read(scale_set_id))


def read_tags(scale_set_id: ScaleSetId) -> dict[str, str]:
    """Its tags, by their names as Azure keeps them. Raises ArmFailure."""
    return dict(dig(_read(scale_set_id), "tags") or {})


def _read(scale_set_id: ScaleSetId) -> Body:
    with explained("read", str(scale_set_id)):
        url = f"{scale_set_id}?api-version={API_VERSION}"
        return get_json(scale_set_id.subscription, url)


def reader_of(scale_set: ScaleSet, source: HealthSource) -> InstanceReader:
    """The reader for this scale set's instances."""
    return InstanceReader(scale_set.id, source, flexible=scale_set.flexible)


def read_inventory(
    scale_set_id: ScaleSetId, source: HealthSource, protection_of: Collection[str] | None = None
) -> Inventory:
    """The scale set and all its instances, as they are now; instance protection at least of
    `protection_of` (None: of all). Raises ArmFailure.
    """
    scale_set = read_scale_set(scale_set_id)
    read = reader_of(scale_set, source).all(protection_of)
    return Inventory.model_construct(
        scale_set=scale_set, instances=read.instances, listing=read.listing
    )


def set_image(scale_set_id: ScaleSetId, image: Image, etag: str) -> str | None:
    """PATCH the image of the model, if nobody changed the scale set since `etag` was read.

    Returns the URL of the operation; the response is 200 with provisioningState Updating. Without
    `match_condition` the SDK ignores the ETag. Raises ArmFailure, of kind stale for a 412.
    """
    from azure.mgmt.compute.models import VirtualMachineScaleSetUpdate

    answer = _Headers()
    with explained("set the image of", str(scale_set_id), sent=True, means=_image_is_on_its_way):
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
    """The state of automatic instance repairs, which is only in the scale set's instance view
    (orchestrationServices); off if it is not there. Raises ArmFailure.
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
    """Suspend or resume automatic instance repairs; returns the URL of the operation. Raises
    ArmFailure.
    """
    action = "Suspend" if state is RepairsState.SUSPENDED else "Resume"
    answer = _Headers()
    with explained(f"{action.lower()} the automatic repairs of", str(scale_set_id), sent=True):
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

    Raises ArmFailure, of kind stale if an instance is not there any more. Raises ValueError for an
    empty list: that is never sent, because Azure applies a call without ids to all instances.
    """
    if not instance_ids or "*" in instance_ids:
        raise ValueError(f"refusing to upgrade all instances of {scale_set_id}: name the instances")
    answer = _Headers()
    action = f"upgrade {len(instance_ids)} instance(s) of"
    with explained(action, str(scale_set_id), sent=True, means=_misses_an_instance):
        connect(scale_set_id.subscription).virtual_machine_scale_sets.begin_update_instances(
            scale_set_id.resource_group,
            scale_set_id.name,
            {"instanceIds": instance_ids},
            polling=False,
            raw_response_hook=answer.keep,
        )
    return answer.operation_url


def read_operation(scale_set_id: ScaleSetId, url: str) -> Operation:
    """One read of a long-running operation. Raises ArmFailure."""
    with explained("read the operation on", str(scale_set_id)):
        return operation_of(get_json(scale_set_id.subscription, url))


_REPAIRS = "AutomaticRepairs"
_MISSES = re.compile(
    r"\binstance.*(not found|not be found|not exist|not an active)|entity was not found",
    re.IGNORECASE | re.DOTALL,
)


def _misses_an_instance(error: ArmError) -> ArmErrorKind | None:
    """Whether an upgrade was refused because of what is not there (any more): Azure says so with
    400 or 404, and not always with the target "instanceIds" (public reports: openshift-azure 1540,
    2312). If it is the scale set itself that is gone, the next read says so.
    """
    refused = error.status == HTTPStatus.BAD_REQUEST and _MISSES.search(error.message)
    return ArmErrorKind.STALE if refused or error.status == HTTPStatus.NOT_FOUND else None


def _image_is_on_its_way(error: ArmError) -> ArmErrorKind | None:
    """Whether the image is not there yet: it was read before, and a region may answer 404 for some
    minutes after it has said that the replication is complete (public report: AgentBaker 8373).
    """
    missing = error.status == HTTPStatus.NOT_FOUND and "image" in error.code.casefold()
    return ArmErrorKind.UNAVAILABLE if missing else None


class _Headers:
    """Keeps the headers of the response that starts a long-running operation."""

    def __init__(self) -> None:
        self._headers: Mapping[str, str] = {}

    def keep(self, response: "PipelineResponse[Any, Any]") -> None:
        self._headers = response.http_response.headers

    @property
    def operation_url(self) -> str | None:
        return self._headers.get("azure-asyncoperation")
