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

_AT_ONCE = 8  # concurrent reads of single VMs; the SDK's connection pool has 10


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
        url = f"{_path(self.scale_set)}/virtualMachines?{query}"
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


def _listing(pages: list[Answer]) -> Listing:
    last = pages[-1].headers
    return Listing(pages=len(pages), left=lists_left(last), at=date_of(last.get("Date", "")))


def _path(scale_set: ScaleSetId) -> str:
    return quote(str(scale_set), safe="/()")
