"""The instances of a scale set, as Azure reports them: listed, or VM by VM."""

from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from compute.arm_json import API_VERSION, Answer, get_json, list_pages
from compute.errors import explained
from compute.json_body import Body, dig
from compute.rate_limit import lists_left
from compute.retry_after import date_of
from compute.shapes import instance_of
from compute.waiting import shared
from rollout.base import ArmErrorKind, ArmFailure
from rollout.inventory import HealthSource, Instance, Listing, ScaleSetId

AT_ONCE = 8
"""Concurrent reads of single VMs; the SDK's connection pool has 10."""


@dataclass(frozen=True)
class InstanceList:
    """Instances, and what listing them has cost; None if they were read VM by VM."""

    instances: list[Instance]
    listing: Listing | None = None


@dataclass(frozen=True)
class InstanceReader:
    """Reads the instances of one scale set; `flexible` is its orchestration mode."""

    scale_set: ScaleSetId
    source: HealthSource
    flexible: bool

    def all(self, protection_of: Collection[str] | None = None) -> InstanceList:
        """Every instance. Raises ArmFailure.

        In a Flexible scale set, protection is read for `protection_of` only (None: for all),
        because it costs one more call per instance.
        """
        pages = self._pages()
        listed: list[dict[str, Any]] = [body for page in pages for body in page.body["value"]]
        if not self.flexible:
            return InstanceList([self._instance(body) for body in listed], _listing(pages))
        names = [body["instanceId"] for body in listed]
        read = self._named(names, names if protection_of is None else protection_of)
        return InstanceList(read, _listing(pages))

    def some(self, instance_ids: Collection[str]) -> InstanceList:
        """At least these instances, if they exist; protection is not read where that costs a call.
        Raises ArmFailure.
        """
        return InstanceList(self._named(instance_ids, ())) if self.flexible else self.all()

    def _pages(self) -> list[Answer]:
        """One paged list, as plain JSON: the SDK's models of a thousand instances cost 0.7 s of CPU
        per read, more than everything else together. A Flexible scale set lists only names
        (recorded: vm-list-flexible-bare-items).
        """
        query = f"$expand=instanceView&api-version={API_VERSION}"
        url = f"{path_of(self.scale_set)}/virtualMachines?{query}"
        with explained("list the instances of", str(self.scale_set)):
            return list(list_pages(self.scale_set.subscription, url))

    def _named(self, names: Iterable[str], protection_of: Collection[str]) -> list[Instance]:
        """VM by VM (recorded: flex-vm-get-expand-instanceView). A VM that is gone is left out."""

        def read(name: str) -> Instance | None:
            vm = self._vm(name)
            if vm is None:
                return None
            protection = self._protection(name) if name in protection_of else None
            properties = {**vm["properties"], "protectionPolicy": protection}
            return self._instance({**vm, "instanceId": name, "properties": properties})

        with ThreadPoolExecutor(AT_ONCE, initializer=shared()) as pool:
            return [instance for instance in pool.map(read, names) if instance]

    def _vm(self, name: str) -> Body | None:
        query = f"$expand=instanceView&api-version={API_VERSION}"
        return get_if_there(self.scale_set, vm_path(self.scale_set, name), query)

    def _protection(self, name: str) -> Body | None:
        """Documented for Flexible since API 2023-09-01; only the scale set's view has it."""
        path = f"{path_of(self.scale_set)}/virtualMachines/{quote(name)}"
        body = get_if_there(self.scale_set, path, f"api-version={API_VERSION}")
        return dig(body, "properties", "protectionPolicy")

    def _instance(self, body: Body) -> Instance:
        return instance_of(body, self.source)


def _listing(pages: list[Answer]) -> Listing:
    last = pages[-1].headers
    return Listing(pages=len(pages), left=lists_left(last), at=date_of(last.get("Date", "")))


def get_if_there(scale_set: ScaleSetId, path: str, query: str) -> Body | None:
    """What belongs to a scale set; None if it does not exist. Raises ArmFailure."""
    try:
        with explained("read", path):
            return get_json(scale_set.subscription, f"{path}?{query}")
    except ArmFailure as failure:
        if failure.error.kind is ArmErrorKind.NOT_FOUND:
            return None
        raise


def path_of(scale_set: ScaleSetId) -> str:
    """Its ARM id as a part of a URL."""
    return quote(str(scale_set), safe="/()")


def vm_path(scale_set: ScaleSetId, name: str) -> str:
    """The path of a VM of a Flexible scale set, which is in the same resource group."""
    group = path_of(scale_set).rpartition("/virtualMachineScaleSets/")[0]
    return f"{group}/virtualMachines/{quote(name)}"
