"""Parses an event: a gallery image version was written, or the event is ignored."""

import json
from dataclasses import dataclass
from typing import Any, cast

from rollout.base import Value
from rollout.inventory import GalleryId, GalleryKind, by_number

_WRITTEN = "microsoft.resources.resourcewritesuccess"
_OPERATION = "microsoft.compute/galleries/images/versions/write"


class Publication(Value):
    """A version that was written: its id, the id of its image definition, and its number."""

    version_id: str
    definition: str
    version: str

    @classmethod
    def of(cls, definition: str, version: str) -> "Publication":
        """That version of an image definition."""
        version_id = f"{definition}/versions/{version}"
        return cls(version_id=version_id, definition=definition, version=version)

    def newer_than(self, version: str) -> bool:
        return by_number(self.version) > by_number(version)


@dataclass(frozen=True)
class Ignored:
    """An event about something else, and why it is ignored: a line for the log."""

    reason: str


def publication_of(text: str) -> Publication | Ignored:
    """Parse one event, in the Event Grid schema or as a CloudEvent (docs:
    event-schema-subscriptions and cloud-event-schema). An unreadable one is not an error: Event
    Grid would only resend it.
    """
    event = _object(text)
    if event is None:
        return Ignored("the event is not a JSON object")
    kind = str(event.get("eventType") or event.get("type") or "")
    if kind.casefold() != _WRITTEN:
        what = _quoted(kind) if kind else "nothing"
        return Ignored(f"event {_event_id(event)} is a {what}, not a successful write")
    operation = str(_data(event).get("operationName") or "")
    if operation.casefold() != _OPERATION:
        about = _quoted(operation) if operation else "no operation"
        return Ignored(f"event {_event_id(event)} is about {about}")
    return _published(event)


def _published(event: dict[str, Any]) -> Publication | Ignored:
    """The subject may contain `resourcegroups` in lower case; ids are case-insensitive."""
    named = str(event.get("subject") or _data(event).get("resourceUri") or "")
    image = GalleryId.parse(named)
    if image is None or image.kind is not GalleryKind.OWN or not image.version:
        return Ignored(f"event {_event_id(event)} names no gallery image version: {_quoted(named)}")
    definition = (
        f"/subscriptions/{image.subscription}/resourceGroups/{image.resource_group}"
        f"/providers/Microsoft.Compute/galleries/{image.gallery}/images/{image.image}"
    )
    return Publication.of(definition, image.version)


def _object(text: str) -> dict[str, Any] | None:
    try:
        event: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", event) if isinstance(event, dict) else None


def _data(event: dict[str, Any]) -> dict[str, Any]:
    """A CloudEvent may carry its data as JSON text."""
    data: object = event.get("data")
    if isinstance(data, str):
        return _object(data) or {}
    return cast("dict[str, Any]", data) if isinstance(data, dict) else {}


def _event_id(event: dict[str, Any]) -> str:
    return _quoted(str(event.get("id")))


def _quoted(text: str) -> str:
    """What somebody sent, for a line of the log: as one short line, without control characters."""
    return ascii(text[:200])
