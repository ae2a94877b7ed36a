"""The simulated Azure as the tests see it, and the schemas its answers must keep to."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeGuard
from urllib.parse import urljoin

import httpx
from jsonschema import Draft4Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4
from starlette.types import ASGIApp, Receive, Scope, Send

from local.arm.base.document import is_object
from local.arm.base.ids import SUBSCRIPTION
from local.arm.images.published import PlatformImage
from local.arm.model.azure import Azure
from local.arm.model.fault import Fault
from local.arm.model.spec import UBUNTU, ScaleSetSpec
from local.arm.store import read, written
from local.base.clock import ManualClock

HERE = Path(__file__).parents[1] / "arm"
COMPUTE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/demo/providers/Microsoft.Compute"
UBUNTU_VERSIONS = (
    f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute/locations/westus/publishers"
    "/Canonical/artifacttypes/vmimage/offers/UbuntuServer/skus/14.04.2-LTS/versions"
)
NEWER = "14.04.201507060"
type Json = dict[str, Any]


class Kept:
    """What somebody has of a simulated Azure who takes its contents at each change."""

    def __init__(self, azure: Azure) -> None:
        self._azure = azure
        self._last = written(azure.contents)
        azure.on_change = self._keep

    def _keep(self) -> None:
        self._last = written(self._azure.contents)

    def check(self) -> None:
        """It is all there is, and read again it is the same."""
        kept = _sorted(json.loads(self._last))
        assert kept == _sorted(json.loads(written(self._azure.contents)))
        assert kept == _sorted(json.loads(written(read(self._last))))


def _sorted(value: Any) -> Any:
    """Lists in one order: some of them were sets."""
    if is_object(value):
        return {name: _sorted(part) for name, part in value.items()}
    return sorted(map(_sorted, value), key=repr) if isinstance(value, list) else value  # pyright: ignore[reportUnknownArgumentType]


class World:
    """A simulated Azure and a caller of its HTTP API; time stands still unless it is moved."""

    def __init__(self, azure: Azure, url: str, http: httpx.Client) -> None:
        self.azure = azure
        self.url = url
        self.http = http

    def pass_time(self, seconds: float) -> None:
        assert isinstance(self.azure.clock, ManualClock)
        self.azure.clock.advance(timedelta(seconds=seconds))

    def add(self, name: str = "web", **knobs: Any) -> str:
        """A scale set; `knobs` are fields of ScaleSetSpec."""
        return self.azure.add_scale_set(ScaleSetSpec(name=name, **knobs))

    def publish(self, version: str = NEWER) -> None:
        """A version of the Ubuntu image that scale sets run by default."""
        fields = UBUNTU.model_dump(exclude_none=True) | {"version": version}
        self.azure.add_image(PlatformImage.model_validate(fields))

    def fault(self, fault: Fault) -> str:
        return self.azure.add_fault(fault)

    def subscribe(self, endpoint: str, **more: Any) -> httpx.Response:
        """Subscribe an endpoint to events, by the controls' JSON."""
        body = {"name": "box", "endpoint": endpoint, **more}
        return self.http.post("/_sim/event-subscriptions", json=body)

    def deliver(self) -> int:
        """Have what is due delivered: the number of attempts."""
        return self.http.post("/_sim/deliveries").json()["attempts"]

    def deliveries(self) -> list[Json]:
        """What was sent, or is to be, to the subscription that `subscribe` makes."""
        return self.http.get("/_sim/event-subscriptions/box").json()["deliveries"]

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One ARM call below Microsoft.Compute of the resource group, or to a full path or URL."""
        full = path if path.startswith(("/", "http")) else f"{COMPUTE}/{path}"
        params = more.pop("params", {})
        if "api-version" not in full:
            params = {"api-version": "2024-07-01", **params}
        return self.http.request(method, full, params=params or None, **more)

    def set_image(
        self, version: str = NEWER, name: str = "web", etag: str | None = None
    ) -> httpx.Response:
        headers = {"If-Match": etag} if etag else {}
        body = image_patch({"version": version})
        return self.call("PATCH", f"virtualMachineScaleSets/{name}", json=body, headers=headers)

    def upgrade(self, *instance_ids: str, name: str = "web") -> httpx.Response:
        path = f"virtualMachineScaleSets/{name}/manualupgrade"
        return self.call("POST", path, json={"instanceIds": list(instance_ids)})

    def vm(self, instance_id: str, name: str = "web") -> Json:
        """A VM with its instance view."""
        path = f"virtualMachineScaleSets/{name}/virtualMachines/{instance_id}"
        return self.call("GET", path, params={"$expand": "instanceView"}).json()

    def scale_set(self, name: str = "web") -> Json:
        return self.call("GET", f"virtualMachineScaleSets/{name}").json()

    def truth(self, name: str = "web") -> Json:
        return self.azure.truth("demo", name)

    def roll_model(self, version: str = NEWER, name: str = "web") -> None:
        """Publish a version, set it in the model, and let the operation end."""
        self.publish(version)
        assert self.set_image(version, name).status_code == 200
        self.pass_time(10)


def image_patch(reference: Json) -> Json:
    profile = {"storageProfile": {"imageReference": reference}}
    return {"properties": {"virtualMachineProfile": profile}}


class Stage:
    """Serves whatever world is on: starting a server for each test would take most of the time."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self.app(scope, receive, send)


class Schemas:
    """Microsoft's own description of what ARM answers, trimmed (swagger/README.md)."""

    def __init__(self) -> None:
        self._registry: Registry[Any] = Registry(retrieve=_load)  # pyright: ignore[reportCallIssue]

    def errors(self, definition: str, body: Any) -> list[str]:
        """What is wrong with a body, "gallery.json#GalleryImage" saying what it should be; a
        trailing [] means an array of them. Fields the description does not know count too.
        """
        file, _, name = definition.partition("#")
        reference = {"$ref": f"{file}#/definitions/{name.removesuffix('[]')}"}
        schema = {"type": "array", "items": reference} if name.endswith("[]") else reference
        validator: Any = Draft4Validator(schema, registry=self._registry)
        found = [
            f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(body)
        ]
        return found + [f"{path}: not in the schema" for path in self._unknown("", schema, body)]

    def _unknown(self, uri: str, schema: Json, body: Any, path: str = "$") -> list[str]:
        known, uri, schema = self._properties(uri, schema)
        if is_list(body):
            items = (self._unknown(uri, schema.get("items", {}), one, f"{path}[]") for one in body)
            return sorted({path for found in items for path in found})
        if not is_object(body) or not known or "additionalProperties" in schema:
            return []
        found = [f"{path}.{name}" for name in body if name not in known]
        for name in body.keys() & known.keys():
            found += self._unknown(*known[name], body[name], f"{path}.{name}")
        return found

    def _properties(self, uri: str, schema: Json) -> tuple[dict[str, tuple[str, Json]], str, Json]:
        """The properties an object may have, each with the file its schema is in."""
        while "$ref" in schema:
            target = urljoin(uri, schema["$ref"])
            schema = self._registry.resolver().lookup(target).contents
            uri = target.partition("#")[0]
        known = {name: (uri, one) for name, one in schema.get("properties", {}).items()}
        for part in schema.get("allOf", []):
            known |= self._properties(uri, part)[0]
        return known, uri, schema


def is_list(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _load(uri: str) -> Resource[Any]:
    contents = json.loads((HERE / "swagger" / uri).read_text())
    return Resource(contents=contents, specification=DRAFT4)
