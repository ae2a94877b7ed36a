"""What the tests of Azure Monitor's parts name, and how they declare what it has."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from arm_world import World

from local.arm.base.ids import SUBSCRIPTION

MINUTE = timedelta(minutes=1)
WORKSPACE = "8d1a9d31-7d0f-4d7c-9d3e-2b0d0a1f7f11"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/demo/providers"
BALANCER = f"{GROUP}/Microsoft.Network/loadBalancers/front"
INSIGHTS = f"{GROUP}/Microsoft.Insights/components/shop"
RULE = f"{GROUP}/Microsoft.Insights/metricAlerts/errors"
NETWORK = "Microsoft.Network/loadBalancers"
CPU = "Percentage CPU"
RATE = {"columns": {"rate": "real", "n": "long"}, "rows": [[0.2, 4000]]}
type Connect = Callable[..., Any]


def fire(world: World, **more: Any) -> str:
    body = {"rule": RULE, "resource": BALANCER, "severity": "Sev1", **more}
    return world.http.post("/_sim/alerts", json=body).json()["id"]


def measure(world: World, value: float | None, resource: str = BALANCER, **more: Any) -> None:
    body = {"resource": resource, "name": CPU, "value": value, **more}
    assert world.http.post("/_sim/metrics", json=body).is_success


def answer(world: World, **more: Any) -> None:
    assert world.http.post("/_sim/logs", json=more).is_success
