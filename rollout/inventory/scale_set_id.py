"""The ARM id of a scale set. Azure changes the case of ids, so comparison ignores case."""

import hashlib
import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from rollout.base import folded

SUBSCRIPTION = r"[A-Za-z0-9\-]{1,64}"
SEGMENT = r"(?!\.{1,2}(?:/|$))[\w.()\-]{1,90}"
"""One name in a path; "." and ".." would lead to another resource."""
_PATTERN = re.compile(
    rf"/subscriptions/(?P<subscription>{SUBSCRIPTION})/resourceGroups/(?P<group>{SEGMENT})"
    rf"/providers/Microsoft\.Compute/virtualMachineScaleSets/(?P<name>{SEGMENT})/?",
    re.IGNORECASE,
)

_EXAMPLE = (
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/demo"
    "/providers/Microsoft.Compute/virtualMachineScaleSets/web"
)


@dataclass(frozen=True, eq=False)
class ScaleSetId:
    """Subscription, resource group and name of one scale set; equal in any case of letters."""

    subscription: str
    resource_group: str
    name: str

    @classmethod
    def parse(cls, text: object) -> "ScaleSetId":
        """Parse an ARM id. Raises ValueError if it is not that of a scale set."""
        match = _PATTERN.fullmatch(text) if isinstance(text, str) else None
        if not match:
            raise ValueError(
                "must be the ARM id of a scale set: /subscriptions/{subscription}/resourceGroups/"
                "{group}/providers/Microsoft.Compute/virtualMachineScaleSets/{name}"
            )
        return cls(match["subscription"], match["group"], match["name"])

    def __str__(self) -> str:
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.resource_group}"
            f"/providers/Microsoft.Compute/virtualMachineScaleSets/{self.name}"
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ScaleSetId) and folded(str(self)) == folded(str(other))

    def __hash__(self) -> int:
        return hash(folded(str(self)))

    @property
    def key(self) -> str:
        """The same short text for every spelling of the same id."""
        return hashlib.sha256(folded(str(self)).encode()).hexdigest()[:16]


def _parsed(value: object) -> ScaleSetId:
    return value if isinstance(value, ScaleSetId) else ScaleSetId.parse(value)


ScaleSetIdField = Annotated[
    ScaleSetId,
    BeforeValidator(_parsed),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "examples": [_EXAMPLE]}),
]
