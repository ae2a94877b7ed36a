"""The kinds of faults that can be declared: `POST /_sim/faults`, or from Python."""

import re
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any, Literal, Self

from pydantic import (
    Field,
    SerializerFunctionWrapHandler,
    field_validator,
    model_serializer,
    model_validator,
)

from local.arm.base import Declared, Duration, InstanceIds, Json
from local.arm.images import Image, ImageReference


class _Kind(Declared):
    @model_serializer(mode="wrap")
    def _with_its_kind(self, usual: SerializerFunctionWrapHandler) -> Json:
        """The kind is there even if nobody said it: it tells the faults apart."""
        return {"kind": type(self).model_fields["kind"].default} | usual(self)


class _Fault(_Kind):
    scale_set: str | None = None
    """The name or ARM id of the scale set it concerns; None for all."""

    def concerns(self, scale_set_id: str) -> bool:
        wanted = (self.scale_set or "").strip("/").lower()
        own = scale_set_id.strip("/").lower()
        return not wanted or wanted in {own, own.rsplit("/", 1)[-1]}


class _OnImage(_Fault):
    version: str | None = None
    id: str | None = None
    """A gallery version's or managed image's ARM id, or a platform image's URN."""
    uri: str | None = None

    def is_on(self, image: Image) -> bool:
        """Whether the image is one it names; none named means any."""
        names = {name.lower() for name in (self.version, self.id, self.uri) if name}
        return not names or not names.isdisjoint({image.identity.lower(), image.version})


class BadImage(_OnImage):
    """Instances on the image never become healthy, or become unhealthy `after` they booted."""

    kind: Literal["badImage"] = "badImage"
    after: Duration | None = None

    @model_validator(mode="after")
    def _names_an_image(self) -> Self:
        if not (self.version or self.id or self.uri):
            raise ValueError("say which image is bad: version, id or uri")
        return self


class SlowBoot(_Fault):
    """Upgrades from now on boot `factor` times slower, or take `seconds` to boot."""

    kind: Literal["slowBoot"] = "slowBoot"
    instance_ids: InstanceIds | None = None
    factor: float = Field(default=10, gt=0)
    seconds: float | None = Field(default=None, ge=0)

    def slowed(self, boot: timedelta) -> timedelta:
        return boot * self.factor if self.seconds is None else timedelta(seconds=self.seconds)


class Flapping(_OnImage):
    """Instances are unhealthy for every other `period`, beginning unhealthy."""

    kind: Literal["flapping"] = "flapping"
    instance_ids: InstanceIds
    period: Annotated[timedelta, Field(gt=timedelta(0))] = timedelta(seconds=20)


class UpgradeFails(_Fault):
    """Upgrades of these instances from now on end with provisioningState Failed."""

    kind: Literal["upgradeFails"] = "upgradeFails"
    instance_ids: InstanceIds


class _Answering(_Fault):
    count: int | None = Field(default=None, ge=1)
    """How many requests it hits; 1 when no rate is given, no limit when one is."""
    rate: float | None = Field(default=None, gt=0, le=1)
    """The share of the matching requests it hits, spread evenly."""
    method: str | None = None
    path: str | None = None
    """Part of the request's path, in any case."""
    pattern: str | None = None
    """A regular expression that is somewhere in the request's path, in any case."""
    skip: int = Field(default=0, ge=0)
    """How many matching requests pass before it hits any."""

    @field_validator("pattern")
    @classmethod
    def _is_an_expression(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "")
        except re.error as error:
            raise ValueError(f"is not a regular expression: {error}") from error
        return pattern

    def matches(self, method: str, path: str) -> bool:
        return (
            (self.method or method).upper() == method
            and re.search(self.pattern or "", path, re.IGNORECASE) is not None
            and (self.path or "").lower() in path.lower()
            and (self.scale_set is None or self._concerns_path(path))
        )

    def _concerns_path(self, path: str) -> bool:
        name = (self.scale_set or "").rsplit("/", 1)[-1].lower()
        return f"/virtualmachinescalesets/{name}/" in f"{path.lower()}/"


class Throttle(_Answering):
    """429 with Retry-After."""

    kind: Literal["throttle"] = "throttle"
    retry_after: int = Field(default=120, ge=0)


class ServerError(_Answering):
    """500 or 503; with `after` the request is carried out nevertheless."""

    kind: Literal["serverError"] = "serverError"
    status: Literal[500, 503] = 503
    after: bool = False


class Denied(_Answering):
    """401 as for an expired token, or 403 as for a missing role assignment."""

    kind: Literal["denied"] = "denied"
    status: Literal[401, 403] = 403


class DropConnection(_Answering):
    """The connection is closed without an answer; with `after` the request is carried out."""

    kind: Literal["dropConnection"] = "dropConnection"
    after: bool = False


class Conflict(_Answering):
    """A request that changes something is answered 409."""

    kind: Literal["conflict"] = "conflict"

    def matches(self, method: str, path: str) -> bool:
        return method != "GET" and super().matches(method, path)


class Rewrite(_Answering):
    """An answer is another than it would be: `status`, `headers` and `body` replace what it has,
    `patch` is merged into the body (RFC 7396), and `instances` into the rows of a list.

    A request that changes something is carried out if its own answer is needed (it has no new
    body and no status of an error), or if `after` says so.
    """

    kind: Literal["rewrite"] = "rewrite"
    after: bool = False
    status: int | None = Field(default=None, ge=200, le=599)
    headers: dict[str, str | None] = {}
    """None takes one away."""
    body: Any = None
    patch: Json = {}
    instances: dict[str, Json | None] = {}
    """By instance id (or name): what is merged into its row; None takes the row away."""

    @property
    def has_body(self) -> bool:
        """Whether it brings a body of its own, which may be null."""
        return "body" in self.model_fields_set

    def needs_answer(self, method: str) -> bool:
        """Whether the request is carried out, so that there is an answer to rewrite."""
        replaced = self.has_body or (self.status or 200) >= HTTPStatus.BAD_REQUEST
        return self.after or method == "GET" or not replaced


class _Later(_Fault):
    after: Duration = timedelta(0)
    """How long from now it happens."""


class ForeignWrite(_Later):
    """Someone else changes the model: its image, or fields of virtualMachineProfile."""

    kind: Literal["foreignWrite"] = "foreignWrite"
    image: ImageReference | None = None
    profile: Json = {}

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not (self.image or self.profile):
            raise ValueError("say what is written: image, or profile")
        return self

    @property
    def patch(self) -> Json:
        storage = {"storageProfile": self.image.storage()} if self.image else {}
        return {"properties": {"virtualMachineProfile": self.profile | storage}}


class InstanceVanishes(_Later):
    """Someone else deletes these instances."""

    kind: Literal["instanceVanishes"] = "instanceVanishes"
    instance_ids: InstanceIds


class InstanceStops(_Later):
    """Someone else stops these instances, or deallocates them."""

    kind: Literal["instanceStops"] = "instanceStops"
    instance_ids: InstanceIds
    deallocated: bool = False


class InstanceStuck(_Later):
    """These instances show that state until the faults are cleared, whatever happens to them: an
    operation of someone else's on them hangs. NOT VERIFIED: what Azure does when such an instance
    is to be upgraded. Here it is, unseen.
    """

    kind: Literal["instanceStuck"] = "instanceStuck"
    instance_ids: InstanceIds
    state: Literal["Creating", "Updating", "Deleting"]


class ScaleOut(_Later):
    """Someone else adds instances."""

    kind: Literal["scaleOut"] = "scaleOut"
    count: int = Field(default=1, ge=1, le=1000)


class _OfEvents(_Kind):
    times: int = Field(default=1, ge=1)
    """How many of the next deliveries of events it hits."""


class DuplicateEvents(_OfEvents):
    """Event Grid sends an event twice."""

    kind: Literal["duplicateEvents"] = "duplicateEvents"


class DelayEvents(_OfEvents):
    """Event Grid sends an event later, so that others may overtake it."""

    kind: Literal["delayEvents"] = "delayEvents"
    delay: Duration = timedelta(minutes=5)


type AnswerFault = Throttle | ServerError | Denied | DropConnection | Conflict | Rewrite
type Event = ForeignWrite | InstanceVanishes | InstanceStops | ScaleOut
type EventFault = DuplicateEvents | DelayEvents
type InstanceFault = BadImage | SlowBoot | Flapping | UpgradeFails | InstanceStuck
type Fault = InstanceFault | AnswerFault | Event | EventFault
