"""The last look at a request before it leaves for Azure."""

import pytest
from azure.core.pipeline import PipelineContext, PipelineRequest
from azure.core.rest import HttpRequest

from compute.scope_policy import ScopePolicy
from rollout.base import ArmErrorKind, ArmFailure
from rollout.inventory import EVERYWHERE
from settings.scopes import parse_scopes

ARM = "https://management.azure.com"
MINE = "/subscriptions/s-1/resourceGroups/mine/providers/Microsoft.Compute"
OTHERS = "/subscriptions/s-1/resourceGroups/others/providers/Microsoft.Compute"
REGION = "/subscriptions/s-9/providers/Microsoft.Compute/locations/westus"
SCOPES = ScopePolicy(parse_scopes("/subscriptions/s-1/resourceGroups/mine"))


def send(method: str, path: str, policy: ScopePolicy = SCOPES) -> None:
    request = HttpRequest(method, f"{ARM}{path}?api-version=2024-07-01")
    policy.on_request(PipelineRequest(request, PipelineContext(None)))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"{MINE}/virtualMachineScaleSets/web"),
        ("PATCH", f"{MINE}/virtualMachineScaleSets/web"),
        ("POST", f"{MINE.upper()}/virtualMachineScaleSets/web/manualupgrade"),
        ("GET", f"{MINE}/virtualMachines/web%5F1"),
        ("GET", f"{OTHERS}/images/web-2"),
        ("GET", f"{OTHERS}/galleries/golden/images/web/versions/1.0.7"),
        ("GET", f"{REGION}/publishers/p/artifacttypes/vmimage/offers/o/skus/s/versions"),
        ("GET", f"{REGION}/operations/1"),
    ],
)
def test_passes(method: str, path: str) -> None:
    send(method, path)
    send(method, path, ScopePolicy(EVERYWHERE))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"{OTHERS}/virtualMachineScaleSets/web"),
        ("GET", f"{OTHERS}/virtualMachineScaleSets/web/virtualMachines"),
        ("PATCH", f"{OTHERS}/virtualMachineScaleSets/web"),
        ("POST", f"{OTHERS}/virtualMachineScaleSets/web/manualupgrade"),
        ("GET", f"{OTHERS}/virtualMachines/web_1"),
        ("GET", "/subscriptions/s-1/providers/Microsoft.Compute/virtualMachineScaleSets"),
        ("PUT", f"{OTHERS}/images/web-2"),
        ("DELETE", f"{OTHERS}/galleries/golden/images/web/versions/1.0.7"),
        ("POST", "/subscriptions/s-1/providers/Microsoft.Compute/register"),
        ("GET", f"{MINE}/../../../others/providers/Microsoft.Compute/virtualMachineScaleSets/web"),
        ("GET", f"{OTHERS}/images/%2e%2e/virtualMachineScaleSets/web"),
        ("GET", f"{MINE}%2f..%2f..%2fothers/virtualMachineScaleSets/web"),
    ],
)
def test_does_not_pass(method: str, path: str) -> None:
    with pytest.raises(ArmFailure) as raised:
        send(method, path)
    error = raised.value.error
    assert (error.kind, error.status, error.code) == (ArmErrorKind.REFUSED, 403, "OutOfScope")
    assert "ROLLOUT_SCOPES" in error.message
