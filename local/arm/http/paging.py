"""Pages of the list of VMs: an absolute nextLink with a $skiptoken."""

import base64
import binascii
from collections.abc import Sequence
from urllib.parse import urlencode

import orjson

from local.arm.base import invalid_parameter
from local.arm.http.call import Call
from local.arm.model import Instance, ScaleSet

_SKIP = "$skiptoken"


def page_of(call: Call, instances: list[Instance]) -> tuple[Sequence[Instance], str | None]:
    """The page asked for, and the link to the next one. Raises ArmError for a stale token.

    A token is stale when instances have come or gone since it was issued.
    """
    scale_set = call.scale_set
    token = call.query(_SKIP)
    after = _last_of(scale_set, token) if token else -1
    rest = [instance for instance in instances if instance.number > after]
    page = rest[: scale_set.spec.page_size]
    more = len(rest) > len(page)
    return page, _next_link(call, scale_set, page[-1]) if more else None


def _next_link(call: Call, scale_set: ScaleSet, last: Instance) -> str:
    place = orjson.dumps([scale_set.membership, last.number])
    token = base64.urlsafe_b64encode(place).decode()
    kept = {
        name: value for name, value in call.request.query_params.items() if name.lower() != _SKIP
    }
    return f"{call.base}{call.request.url.path}?{urlencode({**kept, _SKIP: token})}"


def _last_of(scale_set: ScaleSet, token: str) -> int:
    """The number of the last instance of the page before."""
    try:
        membership, last = orjson.loads(base64.urlsafe_b64decode(token))
    except (binascii.Error, orjson.JSONDecodeError, TypeError, ValueError):
        membership, last = None, None
    if membership != scale_set.membership or not isinstance(last, int):
        raise invalid_parameter("The request URL is not valid.", _SKIP)
    return last
