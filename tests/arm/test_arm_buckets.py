"""Azure's budgets: what is left is said, what is beyond is refused if somebody wants that."""

from email.utils import parsedate_to_datetime

import pytest
from arm_world import World

LEFT = "x-ms-ratelimit-remaining-resource"
LIST = "Microsoft.Compute/HighCostGetVMScaleSetResource"
LISTS_OF_ALL = "Microsoft.Compute/HighCostGetVMScaleSetSubscriptionMaximum"


def test_a_list_says_how_many_more_azure_allows(world: World) -> None:
    """As recorded (reimage-ephemeral-list-before): 1,079 and 29 after the first page."""
    set_ = world.add()
    list_ = f"{set_}/virtualMachines"
    assert world.call("GET", list_).headers[LEFT] == f"{LISTS_OF_ALL};1079,{LIST};29"
    assert world.call("GET", list_).headers[LEFT] == f"{LISTS_OF_ALL};1078,{LIST};28"
    assert world.call("GET", set_).headers[LEFT] == "Microsoft.Compute/GetVMScaleSetResource;35"
    world.pass_time(6)
    assert world.call("GET", list_).headers[LEFT] == f"{LISTS_OF_ALL};1079,{LIST};28"


def test_nobody_is_refused_unless_that_is_wanted(world: World) -> None:
    list_ = f"{world.add()}/virtualMachines"
    answers = [world.call("GET", list_) for _ in range(40)]
    assert {each.status_code for each in answers} == {200}
    assert answers[-1].headers[LEFT].endswith(f",{LIST};0")


def test_what_is_beyond_a_budget_is_refused_until_it_has_grown(world: World) -> None:
    """Others use the rest of it: half a token in six seconds is ours."""
    world.http.put("/_sim/budgets", json={"share": 0.5})
    list_ = f"{world.add()}/virtualMachines"
    statuses = [world.call("GET", list_).status_code for _ in range(16)]
    assert statuses == [200] * 15 + [429]
    refused = world.call("GET", list_)
    assert (refused.headers["Retry-After"], refused.headers[LEFT]) == ("12", f"{LIST};0")
    world.pass_time(12)
    assert world.call("GET", list_).status_code == 200


def test_one_scale_set_may_use_up_the_budget_of_all(world: World) -> None:
    world.http.put("/_sim/budgets", json={"subscriptionShare": 0.005})
    greedy, other = (f"{world.add(name=name)}/virtualMachines" for name in ("greedy", "other"))
    assert [world.call("GET", greedy).status_code for _ in range(6)] == [200] * 5 + [429]
    refused = world.call("GET", other)
    assert (refused.status_code, refused.headers[LEFT]) == (429, f"{LISTS_OF_ALL};0")
    world.pass_time(int(refused.headers["Retry-After"]))
    assert world.call("GET", other).status_code == 200


@pytest.mark.parametrize("share", [0, 1.5, "half"])
def test_a_share_is_a_part(world: World, share: object) -> None:
    assert world.http.put("/_sim/budgets", json={"share": share}).status_code == 400


def test_an_answer_says_the_time_by_azures_clock(world: World) -> None:
    answer = world.call("GET", world.add())
    assert answer.headers.get_list("Date") == [answer.headers["Date"]]
    said = parsedate_to_datetime(answer.headers["Date"])
    assert said == world.azure.clock.now().replace(microsecond=0)
