"""May this caller do that?"""

import pytest

from rollout.access import AccessRules, Permission, SignedIn, needed_for
from rollout.base import Caller
from rollout.run import Verb

READ, START, APPROVE = Permission.READ, Permission.START, Permission.APPROVE
ANN = Caller(name="ann", id="t/1")


def status(rules: AccessRules, roles: list[str] | None, *needs: Permission) -> int | None:
    who = None if roles is None else SignedIn(ANN, frozenset(roles))
    problem = rules.refusal(who, needs)
    return problem.status if problem else None


@pytest.mark.parametrize("needs", Permission)
def test_without_settings_a_key_is_enough(needs: Permission) -> None:
    assert status(AccessRules(), None, needs) is None


@pytest.mark.parametrize(
    ("roles", "needs", "refused"),
    [
        (None, [START], 401),
        ([], [START], 403),
        (["S"], [START], None),
        (["A"], [START, APPROVE], None),
        ([], [START, APPROVE], 403),
        (None, [READ], None),
        (["A"], [READ], None),
    ],
)
def test_a_role_is_asked_for_where_one_is_named(
    roles: list[str] | None, needs: list[Permission], refused: int | None
) -> None:
    rules = AccessRules(roles={START: frozenset({"S"}), APPROVE: frozenset({"A"})})
    assert status(rules, roles, *needs) == refused


def test_a_second_person_needs_names_for_starts_and_approvals_only() -> None:
    rules = AccessRules(second_person=True)
    assert [status(rules, None, needs) for needs in Permission] == [None, 401, 401, None]
    assert status(rules, None, *needed_for(Verb.ABORT)) is None


def test_the_same_person_is_known_by_id_and_else_by_name() -> None:
    rules = AccessRules(second_person=True)
    renamed, other = Caller(name="ann2", id="t/1"), Caller(name="ann", id="t/2")
    assert rules.refused_approval(renamed, ANN)
    assert rules.refused_approval(Caller(name="Ann"), ANN)
    assert rules.refused_approval(other, ANN) is None
    assert rules.refused_approval(ANN, None) is None
    assert AccessRules().refused_approval(ANN, ANN) is None
