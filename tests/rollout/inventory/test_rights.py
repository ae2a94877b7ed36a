import pytest

from rollout.inventory import Grant, ScaleSetId, ScaleSetRights

WEB = ScaleSetId("s", "demo", "web")
SETS = "Microsoft.Compute/virtualMachineScaleSets"
ALL = Grant(actions=["*"])
READER = Grant(actions=["*/read"])
WRITES = [
    f"{SETS}/write",
    f"{SETS}/manualUpgrade/action",
    f"{SETS}/setOrchestrationServiceState/action",
]


def missing(*grants: Grant) -> list[str]:
    return ScaleSetRights.of(WEB, grants).missing


def test_all_is_enough_and_nothing_is_not() -> None:
    assert missing(ALL) == []
    assert len(missing()) == 7


def test_a_reader_lacks_what_changes_something() -> None:
    assert missing(READER) == WRITES


def test_several_roles_add_up() -> None:
    assert missing(READER, Grant(actions=["microsoft.compute/VIRTUALMACHINESCALESETS/*"])) == []
    assert missing(READER, Grant(actions=WRITES[:1]), Grant(actions=WRITES[1:])) == []


def test_what_a_role_takes_back_another_may_give() -> None:
    most = Grant(actions=["Microsoft.Compute/*"], not_actions=[f"{SETS}/manualUpgrade/action"])
    assert missing(most) == [f"{SETS}/manualUpgrade/action"]
    assert missing(most, ALL) == []


@pytest.mark.parametrize(
    "pattern", [f"{SETS}/writes", f"{SETS}.write", "Microsoft.Compute/*/write2"]
)
def test_what_only_looks_like_it_does_not_count(pattern: str) -> None:
    assert WRITES[0] in missing(Grant(actions=[pattern]))


def test_the_command_grants_what_is_missing_first() -> None:
    grant = ScaleSetRights.of(WEB, [READER]).grant
    assert grant is not None
    assert '--role "Virtual Machine Contributor"' in grant
    assert grant.endswith(f"--scope {WEB}")
    assert ScaleSetRights.of(WEB, [ALL]).grant is None


def test_what_is_not_known_is_not_missing() -> None:
    rights = ScaleSetRights.unknown(WEB, "it may not ask")
    assert (rights.known, rights.missing, rights.remark) == (False, [], "it may not ask")
