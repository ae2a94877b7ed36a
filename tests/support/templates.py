"""What Terraform, Bicep and Ansible send to Azure for a scale set that is there already. Terraform
and Ansible do not run here: these are the requests of their sources (docs/living-with.md has them).
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from story import PLATFORM, System

type Json = dict[str, Any]


def image(version: str) -> Json:
    return {**PLATFORM, "version": version}


@dataclass(frozen=True)
class Arm:
    """A scale set, as a client of Azure Resource Manager sees it."""

    system: System
    scale_set: str
    version: str

    def send(self, method: str, path: str = "", **more: Any) -> httpx.Response:
        answer = self.system.azure.request(
            method,
            f"{self.scale_set}{path}",
            params={"api-version": self.version, **more.pop("params", {})},
            headers={"Authorization": "Bearer x"},
            **more,
        )
        assert answer.is_success, answer.text
        return answer

    def get(self) -> Json:
        return self.send("GET").json()

    def change(self, method: str, body: Json) -> None:
        """Send the change, and wait until Azure has done it."""
        self.send(method, json=body)
        self._wait(30)

    def _wait(self, seconds: float) -> None:
        self.system.clock.advance(timedelta(seconds=seconds))


@dataclass(frozen=True)
class Terraform:
    """azurerm_linux_virtual_machine_scale_set and its Windows twin: a GET, then a PATCH that always
    names an image and the upgrade policy; if the image changed, the instances (`rolls`).
    """

    arm: Arm

    @classmethod
    def of(cls, system: System, scale_set: str) -> "Terraform":
        return cls(Arm(system, scale_set, "2025-04-01"))

    def apply(self, version: str = "", *, rolls: bool = False, **changes: Any) -> None:
        """Apply code that differs from the scale set in the image, if there is a version, and in
        `changes` of its body. `ignore_changes` of the image is no version.
        """
        self.write(self.read(), version, rolls=rolls, **changes)

    def read(self) -> Json:
        return self.arm.send("GET", params={"$expand": "userData"}).json()

    def write(
        self, existing: Json, version: str = "", *, rolls: bool = False, **changes: Any
    ) -> None:
        properties = existing["properties"]
        storage: Json = properties["virtualMachineProfile"]["storageProfile"]
        sent: Json = {"imageReference": storage["imageReference"]}
        if version:
            disk = {
                name: value
                for name, value in storage["osDisk"].items()
                if name in {"caching", "diskSizeGB", "managedDisk"}
            }
            sent = {"imageReference": image(version), "osDisk": disk}
        body = {
            "properties": {
                "virtualMachineProfile": {"storageProfile": sent},
                "upgradePolicy": properties["upgradePolicy"],
            }
        }
        self.arm.change("PATCH", body | changes)
        if version and rolls:
            self._roll()

    def change_identity(self, existing: Json) -> None:
        """The one change for which it sends the whole of what it has read."""
        self.arm.change("PUT", existing)

    def _roll(self) -> None:
        """roll_instances_when_required: each instance that has not the latest model, one after
        another, whether the one before is healthy or not. (It reimages each as well.)
        """
        listed: list[Json] = self.arm.send("GET", "/virtualMachines").json()["value"]
        for each in listed:
            if not each["properties"]["latestModelApplied"]:
                body = {"instanceIds": [each["instanceId"]]}
                self.arm.send("POST", "/manualupgrade", json=body)
                self.arm.system.clock.advance(timedelta(minutes=5))


@dataclass(frozen=True)
class Bicep:
    """A deployment: a PUT of what the template says, whatever is there."""

    arm: Arm
    template: Json
    """The resource as the compiler makes it."""

    @classmethod
    def of(cls, system: System, scale_set: str, template: Json) -> "Bicep":
        return cls(Arm(system, scale_set, template["apiVersion"]), template)

    def deploy(self) -> None:
        body = {name: value for name, value in self.template.items() if name != "apiVersion"}
        self.arm.change("PUT", body)


@dataclass(frozen=True)
class Ansible:
    """azure_rm_virtualmachinescaleset: a GET, and a PUT of what it has read with what the playbook
    says, or with the module's defaults: `capacity` 1 and `os_disk_caching` ReadOnly among them.
    """

    arm: Arm

    @classmethod
    def of(cls, system: System, scale_set: str) -> "Ansible":
        return cls(Arm(system, scale_set, "2021-04-01"))

    def play(self, version: str = "", *, capacity: int = 1, caching: str = "ReadOnly") -> bool:
        """Play a task with these; whether it changed anything. Without a version, the task names
        no image.
        """
        body = self.arm.get()
        if body["properties"]["provisioningState"] != "Succeeded":
            raise AssertionError("the module fails: Expecting state to be Succeeded")
        storage: Json = body["properties"]["virtualMachineProfile"]["storageProfile"]
        wanted = image(version) if version else storage["imageReference"]
        before = (storage["imageReference"], storage["osDisk"]["caching"], body["sku"]["capacity"])
        if before == (wanted, caching, capacity):
            return False
        storage["imageReference"] = wanted
        storage["osDisk"]["caching"] = caching
        body["sku"]["capacity"] = capacity
        self.arm.change("PUT", body)
        return True
