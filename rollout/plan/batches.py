"""The planner: the batches in order, the skipped instances and why."""

import hashlib
import json
from collections.abc import Iterator
from itertools import groupby

from rollout.base import share_of
from rollout.inventory import (
    Domain,
    Image,
    ImageChange,
    Instance,
    Inventory,
    domain_of,
    source_used,
    splits_by_fault_domain,
)
from rollout.plan.batch import Batch
from rollout.plan.cost import cost_of
from rollout.plan.plan import Plan, Skip
from rollout.plan.policy import Policy
from rollout.plan.selection import selected
from rollout.plan.skip import skip_reason
from rollout.plan.warning import plan_warnings


def plan_batches(policy: Policy, inventory: Inventory, target: Image) -> Plan:
    """The plan for moving the selected instances of a scale set to `target`."""
    chosen = sorted(selected(policy, inventory), key=lambda instance: instance.order)
    flexible = inventory.scale_set.flexible
    reasons = {
        instance.instance_id: skip_reason(instance, target, flexible=flexible)
        for instance in chosen
    }
    moving = [instance for instance in chosen if reasons[instance.instance_id] is None]
    batches = batches_of(policy, moving, inventory)
    skipped = [Skip(instance_id=key, reason=why) for key, why in reasons.items() if why]
    sizes = [len(batch.instance_ids) for batch in batches]
    down = max(sizes, default=0)
    source = source_used(policy.health.source, reports_health=inventory.scale_set.reports_health)
    left, total = max(0, inventory.running - down), len(inventory.instances)
    return Plan(
        fingerprint=_fingerprint(inventory, target, batches, skipped),
        image=ImageChange(from_image=inventory.scale_set.image, to_image=target),
        model_already_set=target.same(inventory.scale_set.image),
        total=len(chosen),
        batches=batches,
        skipped=skipped,
        worst_case_down=down,
        worst_case_capacity=left,
        worst_case_capacity_percent=100 * left // total if total else 100,
        cost=cost_of(policy, sizes, inventory),
        health_source=source,
        warnings=plan_warnings(policy, inventory, target),
    )


def batch_cap(policy: Policy, inventory: Inventory) -> int:
    """The most instances in a batch. However large a share the policy allows, one running instance
    stays up; a single running instance is a batch by itself.
    """
    share = share_of(policy.max_batch_instances, len(inventory.instances))
    return max(1, min(share, inventory.running - 1))


def _fingerprint(
    inventory: Inventory, target: Image, batches: list[Batch], skipped: list[Skip]
) -> str:
    """Which instances move together, which do not, to which image, and from which model. The order
    within a batch is left out: it depends on health, which fluctuates.
    """
    together = [sorted(batch.instance_ids) for batch in batches]
    left_alone = [(skip.instance_id, skip.reason) for skip in skipped]
    model = inventory.scale_set.fingerprint
    text = json.dumps([str(target).casefold(), model, together, left_alone])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def batches_of(policy: Policy, moving: list[Instance], inventory: Inventory) -> list[Batch]:
    """These instances in batches, domain by domain."""
    cap = batch_cap(policy, inventory)
    parts = [
        (domain, part)
        for domain, members in _by_domain(policy, moving)
        for part in _parts(members, cap)
    ]
    canary = policy.canary.instances if policy.canary else 0
    if parts and canary:
        parts[:1] = _with_canary(*parts[0], canary)
    return [
        _batch(number, domain, part, canary=bool(canary) and number == 1)
        for number, (domain, part) in enumerate(parts, start=1)
    ]


def _by_domain(policy: Policy, moving: list[Instance]) -> Iterator[tuple[Domain, list[Instance]]]:
    by_fault_domain = splits_by_fault_domain(policy.batch_by, moving)

    def domain(instance: Instance) -> Domain:
        return domain_of(instance, by_fault_domain=by_fault_domain)

    in_order = sorted(moving, key=lambda instance: domain(instance).order)
    return ((key, list(members)) for key, members in groupby(in_order, key=domain))


def _parts(members: list[Instance], cap: int) -> Iterator[list[Instance]]:
    """Split a domain that is larger than the cap, along placement groups first: a domain number is
    only meaningful within one placement group, so whole groups may go together.
    """
    part: list[Instance] = []
    for group in _by_placement_group(members):
        if part and len(part) + len(group) > cap:
            yield part
            part = []
        part = [*part, *group]
        while len(part) > cap:
            yield part[:cap]
            part = part[cap:]
    if part:
        yield part


def _by_placement_group(members: list[Instance]) -> list[list[Instance]]:
    groups: dict[str | None, list[Instance]] = {}
    for instance in sorted(members, key=_unhealthy_first):
        groups.setdefault(instance.placement_group_id, []).append(instance)
    return list(groups.values())


def _unhealthy_first(instance: Instance) -> tuple[bool, tuple[int, str]]:
    return (not instance.unhealthy, instance.order)


def _with_canary(
    domain: Domain, first: list[Instance], size: int
) -> list[tuple[Domain, list[Instance]]]:
    """An instance that was unhealthy before is not a canary: its failure would not count."""
    canary = sorted(first, key=lambda instance: instance.unhealthy)[:size]
    rest = [instance for instance in first if instance not in canary]
    return [(domain, part) for part in (canary, rest) if part]


def _batch(number: int, domain: Domain, members: list[Instance], *, canary: bool) -> Batch:
    return Batch(
        number=number,
        zone=domain.zone,
        update_domain=domain.update_domain,
        fault_domain=domain.fault_domain,
        canary=canary,
        instance_ids=[instance.instance_id for instance in members],
    )
