"""A simulated Azure in a state directory: what is kept, what is refused."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from local.arm.base.ids import SUBSCRIPTION
from local.arm.example import add_example_fleet
from local.arm.model.calls import change_scale_set, manual_upgrade
from local.arm.model.fault import BadImage, ForeignWrite, Rewrite
from local.arm.store import FILE, Store
from local.base.clock import ManualClock
from local.base.state import StateInUse, StateUnreadable, forget_state

NEW = {"properties": {"virtualMachineProfile": {"storageProfile": {"imageReference": {
    "version": "14.04.201507060"}}}}}  # fmt: skip


def example(directory: Path, clock: ManualClock) -> None:
    """The example fleet with an upgrade of two instances under way, and a fault to come."""
    with Store(directory) as store:
        azure = store.azure(clock)
        add_example_fleet(azure)
        azure.add_fault(BadImage(version="14.04.201507060", after=timedelta(hours=1)))
        azure.add_fault(ForeignWrite(after=timedelta(hours=2), profile={"licenseType": "X"}))
        azure.add_fault(Rewrite(path="nowhere", body=None))
        azure.add_fault(Rewrite(path="nowhere"))
        web = azure.scale_set(SUBSCRIPTION, "demo", "web")
        with azure.changing() as now:
            change_scale_set(azure, web, NEW, now)
        clock.advance(timedelta(seconds=30))
        with azure.changing() as now:
            manual_upgrade(azure, web, ["0", "5"], now)
        clock.advance(timedelta(seconds=30))


def test_a_restart_goes_on_with_the_upgrade_under_way_and_the_faults(tmp_path: Path) -> None:
    clock = ManualClock()
    example(tmp_path, clock)
    with Store(tmp_path) as store:
        assert not store.is_new
        assert store.now is not None
        assert store.now == clock.now() - timedelta(seconds=30)
        azure = store.azure(ManualClock(store.now))
        assert [each.fault.kind for each in azure.active_faults()] == [
            "badImage", "foreignWrite", "rewrite", "rewrite",
        ]  # fmt: skip
        with_null, without = azure.active_faults()[2:]
        assert isinstance(with_null.fault, Rewrite)
        assert isinstance(without.fault, Rewrite)
        assert (with_null.fault.has_body, without.fault.has_body) == (True, False)
        web = azure.truth("demo", "web")
        upgrading = [each["instanceId"] for each in web["instances"] if each["upgrading"]]
        assert upgrading == ["0", "5"]
        assert (web["peakDown"], web["provisioningState"]) == (2, "Updating")


def test_what_is_to_happen_happens_once(tmp_path: Path) -> None:
    clock = ManualClock()
    example(tmp_path, clock)
    clock.advance(timedelta(hours=3))
    for _ in range(2):
        with Store(tmp_path) as store:
            azure = store.azure(clock)
            assert azure.truth("demo", "web")["models"] == 3
            assert "foreignWrite" not in [each.fault.kind for each in azure.active_faults()]


def test_an_empty_directory_is_an_empty_azure(tmp_path: Path) -> None:
    with Store(tmp_path / "new") as store:
        assert store.is_new
        assert store.now is None
        assert store.azure(ManualClock()).truths() == []


def test_two_cannot_have_the_same_directory(tmp_path: Path) -> None:
    with Store(tmp_path), pytest.raises(StateInUse, match=f"{tmp_path} is in use"):
        Store(tmp_path)


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        ("UPDATE kept SET format = 99", "it has format 99, and this version reads 1"),
        ("UPDATE kept SET contents = 'x'", "1 of its values are none"),
        ('UPDATE kept SET contents = \'{"scale_sets": {"a": 1}}\'', "values are none"),
        ("ALTER TABLE kept DROP COLUMN contents", "no such column"),
    ],
)
def test_what_cannot_be_read_is_refused_and_left_alone(
    tmp_path: Path, damage: str, why: str
) -> None:
    example(tmp_path, ManualClock())
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute(damage)
    connection.close()
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(StateUnreadable, match=f"{FILE} cannot be read .*{why}.*--fresh"):
        Store(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("This is no database. " * 100)
    with pytest.raises(StateUnreadable, match="Move it away"):
        Store(tmp_path)
    forget_state(tmp_path / FILE)
    with Store(tmp_path) as store:
        assert store.is_new


def test_what_is_in_use_is_not_forgotten(tmp_path: Path) -> None:
    example(tmp_path, ManualClock())
    with Store(tmp_path), pytest.raises(StateInUse):
        forget_state(tmp_path / FILE)
    with Store(tmp_path) as store:
        assert not store.is_new
