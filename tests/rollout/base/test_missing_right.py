"""What a 403 of Azure says is missing, and the command that grants it."""

import json
from pathlib import Path

import pytest

from rollout.base import ArmError, ArmErrorKind
from rollout.base.missing_right import MissingRight

RECORDED = Path(__file__).parents[2] / "arm" / "recorded" / "documented-errors.json"
SETS = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets"
CLIENT = "The client 'c-1' with object id 'o-1'"


def denied(action: str, scope: str) -> str:
    return (
        f"{CLIENT} does not have authorization to perform action '{action}' over scope '{scope}' "
        "or the scope is invalid. If access was recently granted, please refresh your credentials."
    )


@pytest.mark.parametrize(
    ("action", "scope", "role", "where"),
    [
        ("virtualMachineScaleSets/read", f"{SETS}/web", "Reader", f"{SETS}/web"),
        (
            "virtualMachineScaleSets/manualupgrade/action", f"{SETS}/web",
            "Virtual Machine Contributor", f"{SETS}/web",
        ),
        (
            "virtualMachineScaleSets/virtualMachines/read", f"{SETS}/web/virtualMachines/3",
            "Reader", f"{SETS}/web",
        ),
        (
            "virtualMachineScaleSets/read",
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute",
            "Reader", "/subscriptions/s/resourceGroups/g",
        ),
        (
            "locations/publishers/artifacttypes/offers/skus/versions/read", "/subscriptions/s",
            "Reader", "/subscriptions/s",
        ),
    ],
)  # fmt: skip
def test_the_action_and_the_command_that_grants_it(
    action: str, scope: str, role: str, where: str
) -> None:
    right = MissingRight.in_message(denied(f"Microsoft.Compute/{action}", scope))
    assert right is not None
    assert (right.action, right.scope) == (f"Microsoft.Compute/{action}", scope)
    assert right.grant == (
        "az role assignment create --assignee-object-id o-1 --assignee-principal-type "
        f'ServicePrincipal --role "{role}" --scope {where}'
    )


def test_a_right_on_something_linked_is_the_one_that_is_missing() -> None:
    identity = (
        "/subscriptions/s/resourcegroups/i/providers/Microsoft.ManagedIdentity"
        "/userAssignedIdentities"
    )
    right = MissingRight.in_message(
        f"{CLIENT} has permission to perform action 'Microsoft.Compute/virtualMachineScaleSets/"
        f"write' on scope '{SETS}/web'; however, it does not have permission to perform action "
        "'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action' on the linked scope(s) "
        f"'{identity}/a,{identity}/b' or the linked scope(s) are invalid."
    )
    assert right is not None
    assert right.role == "Managed Identity Operator"
    assert right.assignable_scope == f"{identity}/a"


def test_the_documented_answer_is_understood() -> None:
    text = RECORDED.read_text()
    [message] = [
        answer["body"]["error"]["message"]
        for answer in json.loads(text)
        if answer.get("body", {}).get("error", {}).get("code") == "AuthorizationFailed"
    ]
    right = MissingRight.in_message(message)
    assert right is not None
    assert right.action == "Microsoft.Compute/virtualMachines/assessPatches/action"


def test_an_unknown_kind_of_action_names_no_wrong_role() -> None:
    right = MissingRight.in_message(denied("Microsoft.Other/things/read", "/subscriptions/s"))
    assert right is not None
    assert '--role "<a role with Microsoft.Other/things/read>"' in right.grant


@pytest.mark.parametrize("message", ["", "The access token expiry UTC time is earlier", "no"])
def test_other_messages_name_no_right(message: str) -> None:
    assert MissingRight.in_message(message) is None


def test_a_problem_says_it_although_azures_own_text_is_cut() -> None:
    scope = f"{SETS}/{'x' * 600}"
    error = ArmError(
        kind=ArmErrorKind.REFUSED, action="read", resource="it", status=403,
        code="AuthorizationFailed",
        message=denied("Microsoft.Compute/virtualMachineScaleSets/read", scope),
    )  # fmt: skip
    problem = error.as_problem()
    assert problem.status == 403
    assert "lacks the right Microsoft.Compute/virtualMachineScaleSets/read on" in problem.detail
    assert f'--role "Reader" --scope {scope}' in problem.detail
    assert problem.detail.count("lacks the right") == 1
    assert problem.detail.endswith(". Nothing was changed.")


def forbidden(code: str, message: str) -> ArmError:
    return ArmError(
        kind=ArmErrorKind.REFUSED, action="set the image of", resource=f"{SETS}/web", status=403,
        code=code, message=message,
    )  # fmt: skip


def test_an_error_says_first_which_right_is_missing_however_long_azures_words_are() -> None:
    action = "Microsoft.Compute/galleries/images/versions/read"
    linked = (
        f"{CLIENT} has permission to perform action 'Microsoft.Compute/virtualMachineScaleSets/"
        f"write' on scope '{SETS}/{'x' * 400}'; however, it does not have permission to perform "
        f"action(s) '{action}' on the linked scope(s) '/subscriptions/s/resourceGroups/i' "
        "(respectively) or the linked scope(s) are invalid."
    )
    said = str(forbidden("LinkedAuthorizationFailed", linked))
    assert said.startswith(
        "could not set the image of web: LinkedAuthorizationFailed: The app's identity lacks the "
        f"right {action} on /subscriptions/s/resourceGroups/i. Grant it with: az role assignment"
    )
    assert "Azure: The client 'c-1'" in said


DENIED = (
    f"{CLIENT} has permission to perform action 'Microsoft.Compute/virtualMachineScaleSets/write' "
    f"on scope '{SETS}/{'x' * 500}'; however, the access is denied because of the deny assignment "
    "with name 'managed-by-aks' and Id 'd-1' at scope '/subscriptions/s'."
)


@pytest.mark.parametrize(
    ("code", "message", "because"),
    [
        ("DenyAssignmentAuthorizationFailed", DENIED, "The deny assignment 'managed-by-aks'"),
        ("RequestDisallowedByPolicy", "Resource 'web' was disallowed.", "An Azure Policy"),
        ("ScopeLocked", "The following scope(s) are locked: '/subscriptions/s'.", "A lock"),
    ],
)
def test_what_no_role_helps_against_is_said(code: str, message: str, because: str) -> None:
    said = str(forbidden(code, message))
    lead = f"could not set the image of web: {code}: {because}"
    assert said.startswith(f"{lead} forbids it, and no role helps")
    assert "az role" not in said
