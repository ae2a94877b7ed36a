"""Random inventories, policies and requests, as odd as Azure and people may make them."""

from datetime import timedelta
from typing import Any

from builders import NEW, OLD, instance, inventory, request
from hypothesis import strategies as st

from rollout.inventory import Health, Image, Inventory
from rollout.inventory.power import PowerState
from rollout.plan import HealthPolicy, Policy, RolloutRequest
from rollout.plan.policy import CanaryPolicy

GALLERY_IMAGE = Image(
    id="/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/l/images/i/versions/1"
)


def _some_of[T](values: list[T]) -> st.SearchStrategy[list[T]]:
    """What the instances of one scale set choose from: some of the values, or none where they have
    none.
    """
    return st.lists(st.sampled_from(values), min_size=1, max_size=4, unique=True)


@st.composite
def inventories(draw: st.DrawFn) -> Inventory:
    """Up to 30 instances; each stands where chance put it, also without a zone or domain."""
    zones = draw(_some_of([None, "1", "2", "3"]))
    update_domains = draw(_some_of([None, *range(5), 19]))
    fault_domains = draw(_some_of([None, *range(5)]))
    groups = draw(_some_of([None, "group-0", "group-1", "group-2"]))
    instances = st.builds(
        instance,
        number=st.integers(0, 1200),
        zone=st.sampled_from(zones),
        update_domain=st.sampled_from(update_domains),
        fault_domain=st.sampled_from(fault_domains),
        placement_group_id=st.sampled_from(groups),
        image=st.sampled_from([OLD, OLD, OLD, NEW, GALLERY_IMAGE]),
        provisioning_state=st.sampled_from(["Succeeded", "Succeeded", "Failed", "Updating"]),
        health=st.sampled_from(Health),
        power_state=st.sampled_from([*[PowerState.RUNNING] * 4, *PowerState]),
        protect_from_scale_set_actions=st.sampled_from([False, False, False, True]),
    )
    return inventory(
        draw(st.lists(instances, max_size=30, unique_by=lambda there: there.instance_id)),
        image=draw(st.sampled_from([OLD, NEW])),
    )


def _only[T](values: st.SearchStrategy[T]) -> st.SearchStrategy[list[T] | None]:
    return st.none() | st.lists(values, min_size=1, max_size=4)


AMOUNTS = st.integers(1, 40) | st.integers(1, 100).map(lambda percent: f"{percent}%")
BUDGETS = st.just(0) | st.just("0%") | AMOUNTS
PAUSES = st.timedeltas(timedelta(0), timedelta(days=6))
DURATIONS = st.timedeltas(timedelta(0), timedelta(days=100))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Any way to batch, select and begin; mostly without a selection."""
    return Policy(
        batch_by=draw(st.sampled_from(["auto", "updateDomain", "zone", "faultDomain", "none"])),
        max_batch_instances=draw(AMOUNTS),
        update_domains=draw(_only(st.integers(0, 4))),
        zones=draw(_only(st.sampled_from(["1", "2", "3"]))),
        instance_ids=draw(_only(st.integers(0, 1200).map(str))),
        canary=draw(st.none() | st.builds(CanaryPolicy, instances=st.integers(1, 6))),
    )


@st.composite
def requests(draw: st.DrawFn) -> RolloutRequest:
    """Any request; the times of its policy leave each other room."""
    stable = draw(DURATIONS)
    longer = DURATIONS.map(lambda more: stable + more + timedelta(seconds=1))
    rules = draw(policies())
    health = HealthPolicy(
        source=draw(st.sampled_from(["auto", "applicationHealth", "powerState"])),
        interval=max(draw(PAUSES), timedelta(seconds=1)),
        stable=stable,
        timeout=draw(longer),
    )
    timed: dict[str, Any] = {
        "health": health,
        "deadline": draw(longer),
        "pause_between_batches": draw(PAUSES),
        "max_unhealthy_instances": draw(BUDGETS),
        "max_unhealthy_upgraded_instances": draw(BUDGETS),
    }
    said = st.none() | st.text(max_size=32)
    asked = request(rules.model_copy(update=timed))
    return asked.model_copy(update={"reason": draw(said), "by": draw(said)})
