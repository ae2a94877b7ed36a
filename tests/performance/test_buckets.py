"""The model of Azure's token buckets."""

from datetime import UTC, datetime, timedelta

from benchmarks.buckets import refused
from local.arm.model.request_log import Served

SET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/web"
START = datetime(2026, 1, 1, tzinfo=UTC)


def calls(count: int, path: str = f"{SET}/virtualMachines", every: float = 0) -> list[Served]:
    moments = (START + timedelta(seconds=every * number) for number in range(count))
    return [Served(moment, "GET", path, 200) for moment in moments]


def test_a_full_bucket_is_the_most_at_once() -> None:
    assert refused(calls(30)) == {}
    assert refused(calls(35)) == {"HighCostGetVMScaleSetResource": 5}


def test_it_fills_again_but_never_beyond_its_size() -> None:
    assert refused(calls(100, every=6)) == {}
    hour = START + timedelta(hours=1)
    later = [Served(hour, "GET", f"{SET}/virtualMachines", 200)] * 31
    assert refused([*calls(30), *later]) == {"HighCostGetVMScaleSetResource": 1}


def test_each_scale_set_and_each_kind_of_call_has_its_own() -> None:
    other = calls(30, f"{SET}2/virtualMachines")
    assert refused([*calls(30), *other, *calls(36, SET)]) == {}
    assert refused([*calls(30), *calls(1, f"{SET.upper()}/virtualMachines")]) != {}
