"""The activities: Durable has stored their names, and what they took and gave."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any, cast

import pytest

import rollout
from rollout.base import Activity, Value
from rollout.batch import Accepted
from rollout.fleet import FleetStart, MembersRead, MemberStart
from rollout.retention import Expired, Forgotten
from rollout.run import LockKept, PartRead
from rollout.watch import TakenUp, Unattended

KEPT = {
    "ask_gate": "GateQuestion -> Answered",
    "call_hook": "HookCall -> Answered",
    "find_expired": "FindExpired -> Expired",
    "find_followers": "FindFollowers -> Followed",
    "find_news": "FindNews -> FoundNews",
    "find_unattended": "FindUnattended -> Unattended",
    "forget_rollout": "Forget -> Forgotten",
    "inspect_scale_set": "RolloutRequest -> Inspection",
    "keep_lock": "KeepLock -> LockKept",
    "observe_batch": "ReadBatch -> BatchReading",
    "observe_inventory": "ReadInventory -> PackedInventory",
    "observe_model": "ReadModel -> ModelReading",
    "observe_repairs": "ReadRepairs -> RepairsReading",
    "post_question": "PostQuestion -> Posted",
    "read_addresses": "ReadAddresses -> Addresses",
    "read_calendar": "ReadCalendar -> CalendarRead",
    "read_fleet": "ReadFleet -> MembersRead",
    "read_lock": "ReadLock -> LockRead",
    "read_members": "ReadMembers -> MembersRead",
    "read_part": "ReadPart -> PartRead",
    "recall_fleet": "RecallFleet -> FleetRecall",
    "release_fleet": "ReleaseFleet -> Released",
    "release_lock": "ReleaseLock -> Released",
    "report_end": "ReportEnd -> Delivered",
    "resume_repairs": "ResumeRepairs -> RepairsTried",
    "roll_back_member": "RollBackMember -> MemberStart",
    "send_command": "SendCommand -> Delivered",
    "send_news": "SendNews -> Delivery",
    "set_image": "SetImage -> Accepted",
    "set_repairs": "SetRepairs -> Accepted",
    "start_fleet": "StartFleet -> FleetStart",
    "start_member": "StartMember -> MemberStart",
    "start_upgrade": "SendUpgrade -> Accepted",
    "take_up_fleet": "TakeUp -> TakenUp",
    "take_up_followed": "TakeUp -> TakenUp",
    "take_up_rollout": "TakeUp -> TakenUp",
}
"""A rollout under way asks for them by these names, whichever version of the app runs then."""


def _activities() -> Iterator[Activity[Any, Any]]:
    for module in pkgutil.walk_packages(rollout.__path__, "rollout."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Activity):
                yield cast("Activity[Any, Any]", value)


def test_the_names_of_activities_stay_and_what_they_take_and_give() -> None:
    found = {
        activity.name: f"{activity.takes.__name__} -> {activity.gives.__name__}"
        for activity in _activities()
    }
    assert found == KEPT


def test_no_two_activities_have_one_name() -> None:
    by_name = {activity.name: activity for activity in _activities()}
    assert all(by_name[activity.name] is activity for activity in _activities())


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        pytest.param(
            Accepted(changed=False), {"changed": False, "instanceIds": []}, id="as it was"
        ),
        pytest.param(MemberStart(), {"found": False, "nothing": False}, id="it runs"),
        pytest.param(FleetStart(), {}, id="so does a fleet rollout"),
        pytest.param(
            MembersRead(), {"ended": [], "missing": [], "untouched": False}, id="all of them run"
        ),
        pytest.param(
            Forgotten(gone=False), {"gone": False, "instances": 0, "parts": []}, id="it is kept"
        ),
        pytest.param(LockKept(), {}, id="the scale set is its own"),
        pytest.param(
            PartRead(running=True), {"running": True, "reason": "", "received": []}, id="it goes on"
        ),
        pytest.param(TakenUp(done=True), {"done": True}, id="it goes on again"),
        pytest.param(
            Unattended(),
            {
                "rollouts": [],
                "fleets": [],
                "followed": [],
                "ended": [],
                "endedFleets": [],
                "lines": [],
                "fleetLines": [],
                "standing": [],
                "moving": [],
                "repairs": [],
            },
            id="nothing needs looking after",
        ),
        pytest.param(
            Expired(rollout_ids=[]),
            {"rolloutIds": [], "fleetIds": [], "followed": []},
            id="nothing has expired",
        ),
    ],
)
def test_what_an_activity_answers_when_there_is_least_to_say(
    answer: Value, shown: dict[str, Any]
) -> None:
    assert answer.to_json() == shown
    assert type(answer).from_json(shown) == answer
