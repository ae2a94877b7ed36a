"""Ids of Azure resources that a gate reads from."""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from rollout.inventory import SEGMENT, SUBSCRIPTION

_RESOURCE = re.compile(
    rf"/subscriptions/{SUBSCRIPTION}/resourceGroups/{SEGMENT}/providers/{SEGMENT}"
    rf"(?:/{SEGMENT}/{SEGMENT}){{1,5}}",
    re.IGNORECASE,
)


def _a_resource(text: str) -> str:
    """It becomes a part of an address to which a token is sent: nothing else may be in it."""
    if not _RESOURCE.fullmatch(text):
        raise ValueError(
            "must be the ARM id of a resource: /subscriptions/{subscription}/resourceGroups/{group}"
            "/providers/{namespace}/{type}/{name}"
        )
    return text


ResourceId = Annotated[
    str, StringConstraints(strict=True, max_length=1000), AfterValidator(_a_resource)
]
