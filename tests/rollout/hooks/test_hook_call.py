"""What a hook is called with."""

import pytest

from rollout.hooks import Addresses, Hook, HookCall
from rollout.inventory import ScaleSetId

ID = (
    "/subscriptions/s-1/resourceGroups/demo/providers/Microsoft.Compute/virtualMachineScaleSets/web"
)


def a_call(*, addresses: bool) -> HookCall:
    call = {"kind": "http", "url": "https://hooks.example/back"}
    hook = {"name": "back", "place": "afterBatch", "call": call, "addresses": addresses}
    return HookCall(
        rollout_id="r1",
        hook=Hook.from_request(hook),
        scale_set=ScaleSetId.parse(ID),
        instances={"1": "upgraded", "2": "upgraded", "3": "failed"},
        batch=1,
        number=1,
    )


@pytest.mark.parametrize(
    ("known", "read"),
    [({}, ["1", "2", "3"]), ({"1": ["10.0.0.4"], "3": []}, ["2"])],
    ids=["none is known", "those who drained are told the same ones"],
)
def test_only_what_is_not_known_is_read(known: dict[str, list[str]], read: list[str]) -> None:
    task = a_call(addresses=True).unread(known)
    assert task is not None
    assert task.instance_ids == read


def test_nothing_is_read_in_vain() -> None:
    assert a_call(addresses=False).unread({}) is None
    assert a_call(addresses=True).unread({"1": [], "2": ["10.0.0.5"], "3": []}) is None


def test_who_is_gone_has_no_address() -> None:
    assert Addresses(by_instance={"2": ["10.0.0.5"]}).of(["2", "3"]) == {"2": ["10.0.0.5"], "3": []}
