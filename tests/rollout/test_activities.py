"""The activities: Durable has stored their names, and what they took and gave."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any, cast

import pytest

import rollout
from rollout.base import Activity, Value
from rollout.batch import Accepted
from rollout.fleet import MembersRead, MemberStart
from rollout.retention import Expired, Forgotten
from rollout.run import LeftBehind

KEPT = {
    "find_expired": "FindExpired -> Expired",
    "find_followers": "FindFollowers -> Followed",
    "find_left_behind": "FindLeftBehind -> LeftBehind",
    "forget_rollout": "Forget -> Forgotten",
    "inspect_scale_set": "RolloutRequest -> Inspection",
    "observe_batch": "ReadBatch -> BatchReading",
    "observe_inventory": "ReadInventory -> PackedInventory",
    "observe_model": "ReadModel -> ModelReading",
    "observe_repairs": "ReadRepairs -> RepairsReading",
    "read_members": "ReadMembers -> MembersRead",
    "report_end": "ReportEnd -> Delivered",
    "roll_back_member": "RollBackMember -> MemberStart",
    "send_command": "SendCommand -> Delivered",
    "set_image": "SetImage -> Accepted",
    "set_repairs": "SetRepairs -> Accepted",
    "start_member": "StartMember -> MemberStart",
    "start_upgrade": "BatchTarget -> Accepted",
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
        pytest.param(MemberStart(), {"nothing": False}, id="it runs"),
        pytest.param(MembersRead(), {"ended": [], "missing": []}, id="all of them run"),
        pytest.param(Forgotten(gone=False), {"gone": False, "instances": 0}, id="it is kept"),
        pytest.param(LeftBehind(), {"repairsSuspended": False}, id="nothing is left behind"),
        pytest.param(
            Expired(rollout_ids=[]),
            {"rolloutIds": [], "fleetIds": [], "followedIds": []},
            id="nothing has expired",
        ),
    ],
)
def test_what_an_activity_answers_when_there_is_least_to_say(
    answer: Value, shown: dict[str, Any]
) -> None:
    assert answer.to_json() == shown
    assert type(answer).from_json(shown) == answer
