"""What ARM asks of every request, and what the simulator remembers of it."""

import pytest
from arm_world import COMPUTE, World

from local.arm.base.ids import SUBSCRIPTION

SET = "virtualMachineScaleSets/web"


def test_a_request_without_credentials_is_answered_401(world: World) -> None:
    answer = world.call("GET", SET, headers={"Authorization": ""})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "AuthenticationFailed")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


def test_a_request_without_api_version_is_answered_400(world: World) -> None:
    answer = world.http.get(f"{COMPUTE}/{SET}")
    assert answer.json()["error"]["code"] == "MissingApiVersionParameter"


def test_the_name_of_the_api_version_has_no_case(world: World) -> None:
    world.add()
    assert world.http.get(f"{COMPUTE}/{SET}?API-VERSION=2026-04-01").status_code == 200
    assert world.http.get(f"{COMPUTE}/{SET}?api-version=2019-12-01-preview").status_code == 200


@pytest.mark.parametrize(
    ("version", "code"),
    [
        ("foo", "InvalidApiVersionParameter"),
        ("2024-13-01", "InvalidApiVersionParameter"),
        ("2024-7-1", "InvalidApiVersionParameter"),
        ("", "InvalidApiVersionParameter"),
        ("2031-01-01", "NoRegisteredProviderFound"),
        ("2014-01-01", "NoRegisteredProviderFound"),
    ],
)
def test_an_api_version_that_azure_does_not_have_is_400(
    world: World, version: str, code: str
) -> None:
    world.add()
    answer = world.http.get(f"{COMPUTE}/{SET}?api-version={version}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


def test_paths_are_compared_without_case(world: World) -> None:
    scale_set_id = world.add()
    assert world.call("GET", scale_set_id.upper()).json()["name"] == "web"
    assert world.call("GET", f"{scale_set_id.lower()}/VIRTUALMACHINES/3").status_code == 200


@pytest.mark.parametrize("tail", ["", "/resourceGroups/demo"])
def test_a_subscription_that_is_not_there(world: World, tail: str) -> None:
    world.add()
    sets = "providers/Microsoft.Compute/virtualMachineScaleSets"
    other = SUBSCRIPTION.replace("0", "1")
    unknown = world.call("GET", f"/subscriptions/{other}{tail}/{sets}")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "SubscriptionNotFound")
    assert unknown.headers["x-ms-failure-cause"] == "gateway"
    none = world.call("GET", f"/subscriptions/abc{tail}/{sets}")
    assert (none.status_code, none.json()["error"]["code"]) == (400, "InvalidSubscriptionId")


def test_a_subscription_is_there_as_soon_as_something_is_in_it(world: World) -> None:
    other = SUBSCRIPTION.replace("0", "1")
    world.add(subscription=other)
    path = f"/subscriptions/{other}/providers/Microsoft.Compute/virtualMachineScaleSets"
    assert len(world.call("GET", path.upper()).json()["value"]) == 1


def test_a_resource_group_that_is_not_there(world: World) -> None:
    path = world.add().replace("/demo/", "/nope/")
    answer = world.call("GET", path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "ResourceGroupNotFound")
    assert "'nope'" in answer.json()["error"]["message"]


def test_the_simulators_own_routes_need_no_credentials(world: World) -> None:
    world.add()
    answer = world.http.get("/_sim/scale-sets", headers={"Authorization": ""})
    assert answer.status_code == 200


def test_requests_are_remembered_with_their_instant_and_status(world: World) -> None:
    world.call("GET", SET)
    world.pass_time(5)
    world.add()
    world.call("GET", SET)
    seen = world.http.get("/_sim/requests").json()
    assert [(one["method"], one["path"], one["status"]) for one in seen] == [
        ("GET", f"{COMPUTE}/{SET}", 404),
        ("GET", f"{COMPUTE}/{SET}", 200),
    ]
    assert seen[0]["at"] < seen[1]["at"]


def test_remembered_requests_can_be_forgotten(world: World) -> None:
    world.call("GET", SET)
    assert world.http.delete("/_sim/requests").status_code == 204
    assert world.http.get("/_sim/requests").json() == []


@pytest.mark.parametrize(
    ("method", "path"), [("POST", f"{SET}/delete"), ("DELETE", SET), ("GET", "disks")]
)
def test_what_the_simulator_does_not_have_is_501(world: World, method: str, path: str) -> None:
    """A 404 would be taken for an answer: "gone already" of a DELETE, "does not exist" of a GET."""
    world.add()
    answer = world.call(method, path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (501, "NotImplemented")
    assert f"does not serve {method}" in answer.json()["error"]["message"]


def test_a_control_that_the_simulator_does_not_have_is_404(world: World) -> None:
    answer = world.http.get("/_sim/nothing")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
