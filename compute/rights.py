"""The rights that the app's identity has on a scale set, as Azure lists them."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from compute.arm_json import list_json
from compute.errors import explained
from compute.json_body import dig_list
from compute.scale_sets import read_scale_set
from compute.waiting import waiting
from rollout.base import ArmFailure
from rollout.inventory import Grant, ScaleSetId, ScaleSetRights

_API_VERSION = "2022-04-01"
"""Of Microsoft.Authorization; the list has what roles give. What a deny assignment, a lock or a
policy forbids is not in it.
"""


@waiting()
def rights_on(scale_set_id: ScaleSetId) -> ScaleSetRights:
    """Two reads: the scale set, because whether Azure lists rights on one that is not there is not
    documented; and the rights. To list its own rights is a right, too: without it they are unknown.
    Raises ArmFailure.
    """
    read_scale_set(scale_set_id)
    url = f"{scale_set_id}/providers/Microsoft.Authorization/permissions?api-version={_API_VERSION}"
    try:
        with explained("list the rights on", str(scale_set_id)):
            listed = list(list_json(scale_set_id.subscription, url))
    except ArmFailure as failure:
        if failure.error.status != HTTPStatus.FORBIDDEN:
            raise
        return ScaleSetRights.unknown(scale_set_id, str(failure))
    return ScaleSetRights.of(scale_set_id, map(grant_of, listed))


def grant_of(body: Mapping[str, Any]) -> Grant:
    """One entry of the list: what one role gives."""
    return Grant(actions=dig_list(body, "actions"), not_actions=dig_list(body, "notActions"))
