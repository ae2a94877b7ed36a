"""Scale sets in Azure: what the app reads of them, and the two things it changes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from azure.core import MatchConditions
from azure.core.rest import HttpRequest

from compute.client import connect
from compute.errors import explained
from compute.json_body import Body
from compute.shapes import image_patch, instance_of, operation_of, scale_set_of
from rollout.fleet import Fleet, Instance, ScaleSet
from rollout.health import HealthSource
from rollout.image import Image
from rollout.reading import Operation
from rollout.scale_set_id import ScaleSetId

_API_VERSION = "2026-04-01"
"""What azure-mgmt-compute 39.0.0 sends for the instances of scale sets."""

if TYPE_CHECKING:
    from azure.core.pipeline import PipelineResponse


def read_scale_set(scale_set_id: ScaleSetId) -> ScaleSet:
    """One GET of the scale set. Raises ArmFailure."""
    with explained("read", str(scale_set_id)):
        client = connect(scale_set_id.subscription)
        body = client.virtual_machine_scale_sets.get(scale_set_id.resource_group, scale_set_id.name)
    return scale_set_of(scale_set_id, body)


def read_instances(
    scale_set_id: ScaleSetId, source: HealthSource, *, reports_health: bool
) -> list[Instance]:
    """All instances with their instance view, in one paged list. Raises ArmFailure.

    The pages are read as plain JSON: the SDK's models of a thousand instances cost 0.7 s of CPU a
    poll, more than everything else together.
    """
    query = f"$expand=instanceView&api-version={_API_VERSION}"
    url: str | None = f"{_path(scale_set_id)}/virtualMachines?{query}"
    instances: list[Instance] = []
    with explained("list the instances of", str(scale_set_id)):
        while url:
            page = _get(scale_set_id, url)
            instances += [
                instance_of(body, source, reports_health=reports_health) for body in page["value"]
            ]
            url = page.get("nextLink")
    return instances


def read_fleet(scale_set_id: ScaleSetId, source: HealthSource) -> Fleet:
    """The scale set and all its instances, as they are now. Raises ArmFailure."""
    scale_set = read_scale_set(scale_set_id)
    instances = read_instances(scale_set_id, source, reports_health=scale_set.reports_health)
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
        return operation_of(_get(scale_set_id, url))


def _get(scale_set_id: ScaleSetId, url: str) -> Body:
    response = connect(scale_set_id.subscription).send_request(HttpRequest("GET", url))
    response.raise_for_status()
    return response.json()


def _path(scale_set_id: ScaleSetId) -> str:
    return quote(str(scale_set_id), safe="/()")


class _Headers:
    """Keeps the headers of the answer that begins a long-running operation."""

    def __init__(self) -> None:
        self._headers: Mapping[str, str] = {}

    def keep(self, response: "PipelineResponse[Any, Any]") -> None:
        self._headers = response.http_response.headers

    @property
    def operation_url(self) -> str | None:
        return self._headers.get("azure-asyncoperation")
