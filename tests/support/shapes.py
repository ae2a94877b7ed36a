"""The shape of a JSON body: its fields and their types, whatever their values."""

from typing import Any

# Only some scale sets have these; the recorded ones run Windows, or are secured, or have no probe.
_OPTIONAL = {
    "properties.licenseType",
    "properties.securityProfile",
    "properties.resilientVMDeletionStatus",
    "properties.virtualMachineProfile.licenseType",
    "properties.virtualMachineProfile.securityProfile",
    "properties.virtualMachineProfile.extensionProfile",
    "properties.instanceView.vmHealth",
    "properties.instanceView.extensions",
    "vmHealth",
}
_DEPTH = 3


def paths(body: Any, depth: int = _DEPTH, prefix: str = "") -> dict[str, str]:
    """The paths of an object's fields with the types of their values, to some depth."""
    found: dict[str, str] = {}
    for name, value in body.items():
        found[f"{prefix}{name}"] = type(value).__name__
        if isinstance(value, dict) and depth > 1 and name not in {"osProfile", "storageProfile"}:
            found |= paths(value, depth - 1, f"{prefix}{name}.")
    return found


def shape(body: Any) -> dict[str, str]:
    return {
        path: kind
        for path, kind in paths(body).items()
        if not any(f"{path}.".startswith(f"{one}.") for one in _OPTIONAL)
    }
