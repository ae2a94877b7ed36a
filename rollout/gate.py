"""May the next batch begin? Decided on a fresh read of the whole fleet."""

from dataclasses import dataclass
from datetime import datetime

from rollout.amount import budget_of
from rollout.fleet import Fleet, Instance
from rollout.model import foreign_change
from rollout.reading import named
from rollout.request import Policy
from rollout.skip import ON_TARGET, switched_off
from rollout.upgrade import Upgrade


@dataclass(frozen=True)
class Proceed:
    """Upgrade these, exactly these; the others of the batch need nothing, for these reasons."""

    instance_ids: list[str]
    left_out: dict[str, str]


@dataclass(frozen=True)
class Hold:
    """Not now: somebody's operation is under way, or an upgraded instance has fallen ill (`sick`).
    Look again.
    """

    reason: str
    sick: bool = False


@dataclass(frozen=True)
class Halt:
    """Do not go on, for this reason; `sick` when that is the health of the fleet."""

    reason: str
    sick: bool = False


def may_upgrade(upgrade: Upgrade, fleet: Fleet, now: datetime) -> Proceed | Hold | Halt:
    """Whether the batch may begin, and with which instances."""
    if now > upgrade.not_after:
        return Halt(f"the deadline of {upgrade.not_after:%Y-%m-%d %H:%M:%S} UTC has passed")
    if foreign := foreign_change(upgrade.model, fleet.scale_set):
        return Halt(foreign)
    if fleet.scale_set.moving:
        return Hold(f"{fleet.scale_set.id} is being updated by another operation")
    if sick := over_budget(upgrade.policy, upgrade.baseline_unhealthy, fleet):
        return Halt(sick, sick=True)
    if relapsed := _relapsed(upgrade, fleet):
        return Hold(relapsed, sick=True)
    proceed = _still_needed(upgrade, fleet)
    reason = _unsettled(proceed, fleet) or full_outage(upgrade.policy, proceed.instance_ids, fleet)
    return Hold(reason) if reason else proceed


def over_budget(policy: Policy, baseline_unhealthy: list[str], fleet: Fleet) -> str | None:
    """Why too many instances are unhealthy, or None. One that was unhealthy before the rollout
    counts against nobody's budget.
    """
    sick = [
        one.instance_id
        for one in fleet.instances
        if one.unhealthy and one.instance_id not in baseline_unhealthy
    ]
    budget = budget_of(policy.max_unhealthy_instances, len(fleet.instances))
    if len(sick) <= budget:
        return None
    return (
        f"{len(sick)} of {len(fleet.instances)} instances are unhealthy that were not before the "
        f"rollout, and at most {budget} may be (policy.maxUnhealthyInstances: "
        f"{policy.max_unhealthy_instances}): {named(sick)}"
    )


def _relapsed(upgrade: Upgrade, fleet: Fleet) -> str | None:
    """Why too many upgraded instances are unhealthy now, or None: one that has passed its batch may
    fall ill later, or for a moment.
    """
    upgraded = set(upgrade.upgraded)
    sick = [
        one.instance_id
        for one in fleet.instances
        if one.unhealthy and not one.off and one.instance_id in upgraded
    ]
    if len(sick) <= upgrade.upgraded_budget:
        return None
    return (
        f"{len(sick)} upgraded instance(s) are unhealthy now, and at most "
        f"{upgrade.upgraded_budget} may be (policy.maxUnhealthyUpgradedInstances): {named(sick)}"
    )


def _unsettled(proceed: Proceed, fleet: Fleet) -> str | None:
    """Somebody else's operation on an instance of the batch: one that is still being made, say. It
    may leave the old image behind after our upgrade was sent.
    """
    moving = [
        one.instance_id
        for one in fleet.instances
        if one.instance_id in proceed.instance_ids and one.moving
    ]
    told = f"{named(moving)} still being created or updated by another operation"
    return told if moving else None


def full_outage(policy: Policy, instance_ids: list[str], fleet: Fleet) -> str | None:
    """Why upgrading these would leave nothing that serves, or None. Where nothing serves already,
    there is nothing to lose; the only instance there is may go if the policy says so.
    """
    up = [one.instance_id for one in fleet.instances if not one.unhealthy]
    if not up or not set(up) <= set(instance_ids):
        return None
    if fleet.running > 1:
        return (
            f"upgrading {named(instance_ids)} would take down the last of {len(fleet.instances)} "
            "instances that is not unhealthy or switched off: repair the others first"
        )
    if policy.allow_full_outage:
        return None
    return (
        f"only instance {up[0]} runs, and while it is upgraded nothing serves: set "
        "policy.allowFullOutage to true to accept that, or scale out first"
    )


def _still_needed(upgrade: Upgrade, fleet: Fleet) -> Proceed:
    there = {one.instance_id: one for one in fleet.instances}
    reasons = {one: _left_out(there.get(one), upgrade) for one in upgrade.instance_ids}
    return Proceed(
        instance_ids=[one for one, reason in reasons.items() if reason is None],
        left_out={one: reason for one, reason in reasons.items() if reason},
    )


GONE = "no longer exists"


def _left_out(instance: Instance | None, upgrade: Upgrade) -> str | None:
    if instance is None:
        return GONE
    settled = instance.provisioning_state.casefold() == "succeeded"
    if instance.image.same(upgrade.model.image) and settled and not upgrade.again:
        return ON_TARGET
    if instance.protected:
        return "was protected from scale set actions during the rollout"
    if instance.off:
        return switched_off(instance)
    if (instance.zone, instance.update_domain) != (upgrade.zone, upgrade.update_domain):
        return "stands in another update domain or zone than it did when the batch was planned"
    return None
