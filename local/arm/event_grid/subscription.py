"""Event subscriptions: `POST /_sim/event-subscriptions`, or declared from Python."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from local.arm.base import SUBSCRIPTION, Declared, guid
from local.arm.event_grid.event import Event, Form, Schema

type _Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{3,64}$")]
type _TimeToLive = Annotated[timedelta, Field(ge=timedelta(minutes=1), le=timedelta(days=1))]


def _name_of(declared: dict[str, Any]) -> str:
    return f"subscription-{guid(sorted(declared.items()))[:8]}"


class SubscriptionSpec(Declared):
    """Who receives which events, and how; defaults and limits are Azure's."""

    endpoint: str = Field(pattern=r"^https?://[^/]+")
    endpoint_type: Literal["AzureFunction", "WebHook"] = "AzureFunction"
    """Its kind decides on the validation and on which answers are never retried."""
    delivery_schema: Schema = Field(default="EventGridSchema", alias="schema")
    topic: str | None = None
    """The name of a custom topic; None for events about resources."""
    included_event_types: tuple[str, ...] = ()
    included_operations: tuple[str, ...] = ()
    """The values of data.operationName that are delivered; all when empty. In any case."""
    subject_begins_with: str = ""
    max_delivery_attempts: int = Field(default=30, ge=1, le=30)
    event_time_to_live: _TimeToLive = timedelta(days=1)
    form: Literal["alternating"] | Form = "alternating"
    """How much events about resources say about the caller: "full" has claims and evidence as
    documented, "sparse" empty claims and a list for evidence, as seen; or each in turn.
    """
    name: _Name = Field(default_factory=_name_of)
    """A subscription of the same name is replaced, as in Azure. Without a name, it is
    derived from the other fields: the same subscription again replaces itself.
    """

    @property
    def is_function(self) -> bool:
        return self.endpoint_type == "AzureFunction"

    def wants(self, event: Event) -> bool:
        return (
            self._is_topic_of(event)
            and _named(event.type, self.included_event_types)
            and _named(event.operation, self.included_operations)
            and event.subject.lower().startswith(self.subject_begins_with.lower())
        )

    def form_of(self, event: Event) -> Form:
        if self.form == "alternating":
            return "sparse" if event.number % 2 else "full"
        return self.form

    def _is_topic_of(self, event: Event) -> bool:
        if self.topic is None:
            return event.topic.count("/") == 2  # noqa: PLR2004 - "/subscriptions/..."
        return event.topic == topic_id(self.topic)


def topic_id(name: str) -> str:
    """The ARM id of a custom topic, the source of its events."""
    group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/demo"
    return f"{group}/providers/Microsoft.EventGrid/topics/{name.lower()}"


def _named(value: str, names: tuple[str, ...]) -> bool:
    return not names or value.lower() in {name.lower() for name in names}
