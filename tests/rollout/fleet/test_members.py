"""Which scale sets a fleet rollout is about."""

from typing import Any

import pytest
from builders import NEW, scale_set

from rollout.fleet import (
    FleetRolloutRequest,
    Wave,
    fleet_order,
    in_subscription,
    member_errors,
    rollout_id_of,
    scale_sets_of,
)
from rollout.fleet.request import MOST_SCALE_SETS
from rollout.inventory import Image, Manager, ScaleSetId, ScaleSetSummary
from rollout.plan import Policy


def line(
    name: str = "web", group: str = "demo", subscription: str = "s-1", **facts: Any
) -> ScaleSetSummary:
    tags = facts.pop("tags", {"ring": "1"})
    scale_set_id = ScaleSetId(subscription, group, name)
    return ScaleSetSummary.of(scale_set(id=scale_set_id, **facts), tags=tags)


def named(*names: str) -> list[ScaleSetId]:
    return [ScaleSetId("s-1", "demo", name) for name in names]


def asked(*waves: list[ScaleSetId]) -> FleetRolloutRequest:
    """A request with these scale sets in its waves."""
    listed = [
        {"name": f"wave-{number}", "scaleSets": [str(scale_set_id) for scale_set_id in ids]}
        if ids
        else {"name": f"wave-{number}", "selector": {"tags": {"ring": "9"}}}
        for number, ids in enumerate(waves, start=1)
    ]
    body = {"image": {"version": NEW.version}, "waves": listed}
    return FleetRolloutRequest.from_request(body)


def there(*lines: ScaleSetSummary) -> dict[str, ScaleSetSummary]:
    return {each.id.key: each for each in lines}


def selecting(**selector: Any) -> Wave:
    return Wave.from_request({"name": "w", "selector": {"tags": {"ring": "1"}, **selector}})


def test_scale_sets_that_are_named_are_those_of_the_wave_in_that_order() -> None:
    wave = Wave.from_request({"name": "w", "scaleSets": [str(each) for each in named("b", "a")]})
    assert scale_sets_of(wave, [line("a"), line("c")]) == named("b", "a")


@pytest.mark.parametrize(
    ("found", "takes"),
    [
        pytest.param(line(), True, id="with the tag"),
        pytest.param(line(tags={"RING": "1", "other": "x"}), True, id="names have no case"),
        pytest.param(line(tags={"ring": "2"}), False, id="not with another value"),
        pytest.param(line(tags={}), False, id="not without the tag"),
    ],
)
def test_a_wave_selects_by_tags(found: ScaleSetSummary, *, takes: bool) -> None:
    assert scale_sets_of(selecting(), [found]) == ([found.id] if takes else [])


@pytest.mark.parametrize(
    ("selector", "names"),
    [
        pytest.param({}, ["a", "b", "c"], id="anywhere"),
        pytest.param({"resourceGroup": "DEMO"}, ["a", "c"], id="in a resource group, in any case"),
        pytest.param({"subscription": "S-1"}, ["a", "b"], id="in a subscription, in any case"),
        pytest.param({"resourceGroup": "demo", "subscription": "s-2"}, ["c"], id="in both"),
        pytest.param({"tags": {"ring": "1", "app": "x"}}, [], id="with all of the tags only"),
    ],
)
def test_a_wave_selects(selector: dict[str, Any], names: list[str]) -> None:
    lines = [line("a"), line("b", group="prod"), line("c", subscription="s-2")]
    assert [each.name for each in scale_sets_of(selecting(**selector), lines)] == names


def test_a_selector_without_a_subscription_is_about_that_of_the_app() -> None:
    request = FleetRolloutRequest.from_request({
        "image": {"version": "2"},
        "waves": [
            {"name": "named", "scaleSets": [str(each) for each in named("a")]},
            {"name": "open", "selector": {"tags": {"ring": "1"}}},
            {"name": "elsewhere", "selector": {"tags": {"ring": "2"}, "subscription": "s-2"}},
        ],
    })  # fmt: skip
    waves = in_subscription(request, "mine").waves
    assert waves[0] == request.waves[0]
    assert [wave.selector and wave.selector.subscription for wave in waves[1:]] == ["mine", "s-2"]
    assert waves[1].selector is not None
    assert waves[1].selector.tags == {"ring": "1"}


def test_scale_sets_that_can_be_rolled_have_no_errors() -> None:
    chosen = [named("a"), named("b")]
    assert member_errors(asked(*chosen), chosen, there(line("a"), line("b"))) == []


@pytest.mark.parametrize(
    ("chosen", "found", "path", "message"),
    [
        pytest.param(
            [named("a"), named("b", "A")], [line("a"), line("b")],
            "waves[1].scaleSets[1]", "is in the waves twice", id="named twice, in any case",
        ),
        pytest.param(
            [named("a"), []], [line("a")],
            "waves[1].selector", "selects no scale set for wave wave-2", id="a wave of nobody",
        ),
        pytest.param(
            [named("a", "b")], [line("a")],
            "waves[0].scaleSets[1]", "there is no scale set /subscriptions/s-1/", id="not there",
        ),
        pytest.param(
            [named("a")], [line("a", upgrade_policy="Rolling")],
            "waves[0].scaleSets[0]", "is Rolling: set upgradePolicy.mode to Manual", id="rolling",
        ),
        pytest.param(
            [named("a")], [line("a", image=Image(uri="https://host/a.vhd"))],
            "waves[0].scaleSets[0]", "the image does not fit", id="of another kind of image",
        ),
        pytest.param(
            [named("a")], [line("a", automatic_os_upgrades=True)],
            "waves[0].scaleSets[0]", "enableAutomaticOSUpgrade", id="upgraded by Azure itself",
        ),
        pytest.param(
            [named("a")], [line("a", managed_by=Manager.AKS)],
            "waves[0].scaleSets[0]", "az aks nodepool upgrade", id="a node pool",
        ),
        pytest.param(
            [named("a")], [line("a", reports_health=False)],
            "waves[0].scaleSets[0]", "nobody reports the health", id="without health",
        ),
        pytest.param(
            [named("a")], [line("a", image=None)],
            "waves[0].scaleSets[0]", "names no image to replace", id="without an image",
        ),
    ],
)  # fmt: skip
def test_an_error_in_the_members_for(
    chosen: list[list[ScaleSetId]], found: list[ScaleSetSummary], path: str, message: str
) -> None:
    [error] = member_errors(asked(*chosen), chosen, there(*found))
    assert error.path == path
    assert message in error.message


def test_every_error_in_the_members_is_found_at_once() -> None:
    chosen = [named("a", "a"), named("b"), []]
    errors = member_errors(asked(*chosen), chosen, there(line("a", upgrade_policy="Automatic")))
    assert sorted(error.path for error in errors) == [
        "waves[0].scaleSets[0]",
        "waves[0].scaleSets[1]",
        "waves[0].scaleSets[1]",
        "waves[1].scaleSets[0]",
        "waves[2].selector",
    ]


def test_more_scale_sets_than_a_fleet_rollout_takes_are_an_error() -> None:
    half = [f"set-{number}" for number in range(MOST_SCALE_SETS)]
    chosen = [named(*half), named("more")]
    lines = there(*map(line, [*half, "more"]))
    [error] = member_errors(asked(*chosen), chosen, lines)
    assert error.path == "waves"
    assert error.message == "are more than 1000 scale sets: start several fleet rollouts"


def test_the_order_has_every_scale_set_in_its_wave_with_its_rollout_and_its_policy() -> None:
    first, second = named("a", "b"), named("c")
    request = asked(first, second)
    own = Policy(max_batch_instances=1)
    waves = [request.waves[0].model_copy(update={"policy": own}), request.waves[1]]
    request = request.model_copy(update={"waves": waves})
    order = fleet_order("f1", request, [first, second])
    assert (order.id, order.request) == ("f1", request)
    assert order.policies == {"": request.policy, "wave-1": own}
    members = [[(each.scale_set, each.policy) for each in wave] for wave in order.members]
    assert members == [[(each, "wave-1") for each in first], [(second[0], "")]]
    assert [each.rollout_id for wave in order.members for each in wave] == [
        rollout_id_of("f1", each) for each in [*first, *second]
    ]
