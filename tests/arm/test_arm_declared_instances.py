"""A scale set whose instances are declared one by one: a copy of one that exists."""

from typing import Any

import pytest
from pydantic import ValidationError

from local.arm.model import UBUNTU, Azure, ScaleSetSpec, fault_from_json
from local.base import ManualClock

type Json = dict[str, Any]

NEWER = UBUNTU.model_dump(exclude_none=True) | {"version": "14.04.201507060"}
DECLARED: list[Json] = [
    {
        "instanceId": "3",
        "updateDomain": 4,
        "zone": "2",
        "placementGroup": "g",
        "latestModel": False,
    },
    {"instanceId": "7", "updateDomain": 0, "health": "unknown", "image": NEWER},
    {"instanceId": "8", "updateDomain": 1, "health": "unhealthy", "protected": True},
    {"instanceId": "9", "updateDomain": 1, "power": "deallocated", "failed": True},
]


def built(instances: list[Json], capacity: int = 4) -> tuple[Azure, list[Json]]:
    azure = Azure(ManualClock())
    spec = {"name": "copy", "capacity": capacity, "instances": instances}
    azure.add_scale_set(ScaleSetSpec.from_json(spec))
    return azure, azure.truth("demo", "copy")["instances"]


def test_each_is_where_and_as_it_was_said() -> None:
    _, (third, seventh, eighth, ninth) = built(DECLARED)
    assert [each["instanceId"] for each in (third, seventh, eighth, ninth)] == ["3", "7", "8", "9"]
    assert (third["updateDomain"], third["zone"], third["placementGroup"]) == (4, "2", "g")
    assert (third["health"], third["image"]) == (
        "healthy",
        ":".join(UBUNTU.model_dump(exclude_none=True).values()),
    )
    assert (seventh["health"], seventh["image"]) == ("unknown", ":".join(NEWER.values()))
    assert (eighth["health"], eighth["protected"]) == ("unhealthy", True)
    assert (ninth["power"], ninth["provisioning"]) == ("deallocated", "Failed")


def test_one_that_comes_later_has_a_higher_id() -> None:
    azure, _ = built(DECLARED)
    azure.add_fault(fault_from_json({"kind": "scaleOut"}))
    assert [each["instanceId"] for each in azure.truth("demo", "copy")["instances"]][-1] == "10"


@pytest.mark.parametrize(("instances", "capacity"), [(DECLARED, 5), ([DECLARED[0]] * 4, 4)])
def test_there_are_as_many_as_the_capacity_each_once(instances: list[Json], capacity: int) -> None:
    with pytest.raises(ValidationError, match="as many as the capacity"):
        built(instances, capacity)


def test_extensions_that_are_declared_are_in_the_model_and_report_no_health() -> None:
    azure = Azure(ManualClock())
    spec = ScaleSetSpec(name="web", capacity=1, health="none", extensions=("ServiceFabricNode",))
    azure.add_scale_set(spec)
    scale_set = azure.scale_set(spec.subscription, "demo", "web")
    (extension,) = scale_set.model.profile["extensionProfile"]["extensions"]
    assert extension["properties"]["type"] == "ServiceFabricNode"
