"""The instances of a scale set, as Azure reports them: listed, or VM by VM."""

from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from compute.arm_json import API_VERSION, get_json, list_json
from compute.errors import explained
from compute.json_body import Body, dig
from compute.shapes import instance_of
from compute.waiting import shared
from rollout.base import ArmErrorKind, ArmFailure
from rollout.inventory import HealthSource, Instance, ScaleSetId

_AT_ONCE = 8  # concurrent reads of single VMs; the SDK's connection pool has 10


@dataclass(frozen=True)
class InstanceReader:
    """Reads the instances of one scale set; `flexible` is its orchestration mode."""

    scale_set: ScaleSetId
    source: HealthSource
    flexible: bool

    def all(self, protection_of: Collection[str] | None = None) -> list[Instance]:
        """Every instance. Raises ArmFailure.

        In a Flexible scale set, protection is read for `protection_of` only (None: for all),
        because it costs one more call per instance.
        """
        listed = self._listed()
        if not self.flexible:
            return [self._instance(body) for body in listed]
        names = [body["instanceId"] for body in listed]
        return self._named(names, names if protection_of is None else protection_of)

    def some(self, instance_ids: Collection[str]) -> list[Instance]:
        """At least these instances, if they exist; protection is not read where that costs a call.
        Raises ArmFailure.
        """
        return self._named(instance_ids, ()) if self.flexible else self.all()

    def _listed(self) -> list[dict[str, Any]]:
        """One paged list, as plain JSON: the SDK's models of a thousand instances cost 0.7 s of CPU
        per read, more than everything else together. A Flexible scale set lists only names
        (recorded: vm-list-flexible-bare-items).
        """
        query = f"$expand=instanceView&api-version={API_VERSION}"
        url = f"{_path(self.scale_set)}/virtualMachines?{query}"
        with explained("list the instances of", str(self.scale_set)):
            return list(list_json(self.scale_set.subscription, url))

    def _named(self, names: Iterable[str], protection_of: Collection[str]) -> list[Instance]:
        """VM by VM (recorded: flex-vm-get-expand-instanceView). A VM that is gone is left out."""

        def read(name: str) -> Instance | None:
            vm = self._vm(name)
            if vm is None:
                return None
            protection = self._protection(name) if name in protection_of else None
            properties = {**vm["properties"], "protectionPolicy": protection}
            return self._instance({**vm, "instanceId": name, "properties": properties})

        with ThreadPoolExecutor(_AT_ONCE, initializer=shared()) as pool:
            return [instance for instance in pool.map(read, names) if instance]

    def _vm(self, name: str) -> Body | None:
        group = _path(self.scale_set).rpartition("/virtualMachineScaleSets/")[0]
        return self._get(f"{group}/virtualMachines/{quote(name)}", "$expand=instanceView&")

    def _protection(self, name: str) -> Body | None:
        """Documented for Flexible since API 2023-09-01; only the scale set's view has it."""
        body = self._get(f"{_path(self.scale_set)}/virtualMachines/{quote(name)}")
        return dig(body, "properties", "protectionPolicy")

    def _get(self, path: str, query: str = "") -> Body | None:
        try:
            with explained("read", path):
                return get_json(
                    self.scale_set.subscription, f"{path}?{query}api-version={API_VERSION}"
                )
        except ArmFailure as failure:
            if failure.error.kind is ArmErrorKind.NOT_FOUND:
                return None
            raise

    def _instance(self, body: Body) -> Instance:
        return instance_of(body, self.source)


def _path(scale_set: ScaleSetId) -> str:
    return quote(str(scale_set), safe="/()")
