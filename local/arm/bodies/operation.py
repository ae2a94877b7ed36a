"""Long-running operations: their URLs, and what polling them answers."""

import base64
import hashlib
from datetime import datetime

from local.arm.base import Json, guid, instant, ticks
from local.arm.bodies.regions import display_name
from local.arm.bodies.status import FAILURE
from local.arm.model import Operation

# Recorded lengths of the parameters that sign an operation's URL: 3.2 kB of it in all.
_CERTIFICATE, _SIGNATURE, _HASH = 2575, 342, 43


def operation_url(operation: Operation, base: str, api_version: str, *, monitor: bool) -> str:
    """Where to poll; `monitor` for the Location header of a POST or DELETE."""
    seed = f"{operation.id}{'&monitor=true' if monitor else ''}"
    query = [
        *_partition(operation),
        *(["monitor=true"] if monitor else []),
        f"api-version={api_version}",
        f"t={ticks(operation.start)}",
        f"c={_noise('certificate', _CERTIFICATE)}",
        f"s={_noise(seed, _SIGNATURE)}",
        f"h={_noise(f'hash/{seed}', _HASH)}",
    ]
    return (
        f"{base}/subscriptions/{operation.subscription}/providers/Microsoft.Compute/locations"
        f"/{_location(operation)}/{operation.family}/{operation.id}?{'&'.join(query)}"
    )


def _partition(operation: Operation) -> list[str]:
    """Operations of galleries have none (recorded: gallery-image-version-put-201)."""
    is_of_gallery = operation.family == "capsOperations"
    return [] if is_of_gallery else [f"p={guid('p', operation.subscription)}"]


def _location(operation: Operation) -> str:
    """Operations of galleries use the display name, in one word (recorded likewise)."""
    is_of_gallery = operation.family == "capsOperations"
    shown = display_name(operation.location).replace(" ", "")
    return shown if is_of_gallery else operation.location


def operation_body(operation: Operation, now: datetime) -> Json:
    """InProgress, Succeeded or Failed; a failure is HTTP 200 as well (recorded: op-failed)."""
    started = {"startTime": instant(operation.start)}
    if operation.runs(now):
        return started | {"status": "InProgress", "name": operation.id}
    ended = started | {"endTime": instant(operation.end)}
    if not operation.failed_ids:
        return ended | {"status": "Succeeded", "name": operation.id}
    return ended | {"status": "Failed", "error": _error(operation), "name": operation.id}


def _error(operation: Operation) -> Json:
    details = [
        {"code": FAILURE, "message": _failure(instance_id), "target": instance_id}
        for instance_id in operation.failed_ids
    ]
    return {"code": FAILURE, "message": details[0]["message"], "details": details}


def _failure(instance_id: str) -> str:
    return (
        f"VM '{instance_id}' has reported a failure when processing extension 'HealthExtension'. "
        'Error message: "Enable failed with exit code 52"\r\n\r\nMore information on '
        "troubleshooting is available at https://aka.ms/VMExtensionOMSAgentLinuxTroubleshoot "
    )


def _noise(seed: str, length: int) -> str:
    """That many characters of base64url, derived from the seed."""
    raw = hashlib.shake_256(seed.encode()).digest(length)
    return base64.urlsafe_b64encode(raw).decode()[:length]
