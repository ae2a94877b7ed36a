"""One event, in the schema it was published in, and as it is delivered."""

from dataclasses import dataclass
from typing import Literal

from local.arm.base import Json, dig, without

type Schema = Literal["EventGridSchema", "CloudEventSchemaV1_0"]
type Form = Literal["full", "sparse"]

_DATA_ABOUT_THE_CALLER = ("claims", "httpRequest")


@dataclass(frozen=True, kw_only=True)
class Event:
    """`number` counts the events of the simulation; `topic` is the resource they come from."""

    number: int
    topic: str
    body: Json

    @property
    def id(self) -> str:
        return str(self.body["id"])

    @property
    def subject(self) -> str:
        return str(self.body.get("subject") or "")

    @property
    def type(self) -> str:
        return str(self.body["type" if self.is_cloud_event else "eventType"])

    @property
    def operation(self) -> str:
        """data.operationName of an event about a resource; empty for others."""
        return str(dig(self.body, "data", "operationName") or "")

    @property
    def is_cloud_event(self) -> bool:
        return "specversion" in self.body

    def shown(self, schema: Schema, form: Form) -> Json | None:
        """The body as it is delivered; None when it cannot be: Event Grid does not convert
        CloudEvents to its own schema.
        """
        body = _sparse(self.body) if form == "sparse" else self.body
        if schema == "EventGridSchema":
            return None if self.is_cloud_event else body
        return body if self.is_cloud_event else _cloud_event(body)


def _cloud_event(body: Json) -> Json:
    """Documented: how an event in Event Grid's schema is delivered as a CloudEvent."""
    return {
        "specversion": "1.0",
        "id": body["id"],
        "source": body["topic"],
        "type": body["eventType"],
        "subject": body["subject"],
        "time": body["eventTime"],
        "data": body["data"],
    }


def _sparse(body: Json) -> Json:
    """As a real event of a VM was quoted in public: claims are empty, evidence is a list."""
    if not dig(body, "data", "authorization"):
        return body
    data: Json = {**without(body["data"], _DATA_ABOUT_THE_CALLER), "claims": {}}
    data["authorization"] = data["authorization"] | {"evidence": []}
    return body | {"data": data}
