"""Who goes when: the batches in order, who is skipped and why."""

import hashlib
import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from rollout.amount import share_of
from rollout.cost import Cost, cost_of
from rollout.domain import Domain, domain_of, splits_by_fault_domain
from rollout.fleet import Fleet, Instance
from rollout.image import Image, ImageChange
from rollout.request import Policy
from rollout.selection import selected
from rollout.skip import skip_reason
from rollout.value import Value
from rollout.warning import fleet_warnings


class Batch(Value):
    """Instances upgraded together. Never spans two update domains or two zones."""

    number: int
    zone: str | None = None
    update_domain: int | None = None
    fault_domain: int | None = None
    canary: bool = False
    instance_ids: list[str]

    @property
    def place(self) -> str:
        """Where it is: "update domain 3", "update domain 0 of zone 1", "the scale set"."""
        parts = [
            ("update domain", self.update_domain),
            ("fault domain", self.fault_domain),
            ("zone", self.zone),
        ]
        named = [f"{word} {number}" for word, number in parts if number is not None]
        return " of ".join(named) or "the scale set"


class Skip(Value):
    """An instance that is left alone, and why."""

    instance_id: str
    reason: str


class Plan(Value):
    """The batches in the order in which they run, and what they cost.

    `total` counts the selected instances. At the worst moment `worst_case_down` instances are down
    and `worst_case_capacity` are up; those that are switched off are not. That is also given in
    percent of the whole set (rounded down). `fingerprint` is the same as long as a rollout would do
    the same. `model_already_set` says that the model names the target image: an earlier rollout, or
    somebody else, has set it, and this one goes on from there.
    """

    fingerprint: str
    image: ImageChange
    model_already_set: bool = False
    total: int
    batches: list[Batch]
    skipped: list[Skip]
    worst_case_down: int
    worst_case_capacity: int
    worst_case_capacity_percent: int
    cost: Cost
    warnings: list[str] = []

    @property
    def instance_ids(self) -> list[str]:
        """Every instance that is to move, in the order in which it does."""
        return [one for batch in self.batches for one in batch.instance_ids]

    def warned(self, warnings: list[str]) -> "Plan":
        """With these warnings before its own."""
        return self.model_copy(update={"warnings": [*warnings, *self.warnings]})

    def evidence(self) -> dict[str, Any]:
        """The plan for the event log: each reason stands once, with the instances it is for."""
        reasons: dict[str, list[str]] = {}
        for skip in self.skipped:
            reasons.setdefault(skip.reason, []).append(skip.instance_id)
        return {**self.to_json(), "skipped": reasons}


def plan_batches(policy: Policy, fleet: Fleet, target: Image) -> Plan:
    """The plan for moving the selected instances of `fleet` to `target`."""
    chosen = sorted(selected(policy, fleet), key=lambda one: one.order)
    flexible = fleet.scale_set.flexible
    reasons = {one.instance_id: skip_reason(one, target, flexible=flexible) for one in chosen}
    moving = [one for one in chosen if reasons[one.instance_id] is None]
    batches = batches_of(policy, moving, fleet)
    skipped = [Skip(instance_id=key, reason=why) for key, why in reasons.items() if why]
    sizes = [len(batch.instance_ids) for batch in batches]
    down = max(sizes, default=0)
    left, total = fleet.running - down, len(fleet.instances)
    return Plan(
        fingerprint=_fingerprint(fleet, target, batches, skipped),
        image=ImageChange(from_image=fleet.scale_set.image, to_image=target),
        model_already_set=target.same(fleet.scale_set.image),
        total=len(chosen),
        batches=batches,
        skipped=skipped,
        worst_case_down=down,
        worst_case_capacity=left,
        worst_case_capacity_percent=100 * left // total if total else 100,
        cost=cost_of(policy, sizes, fleet),
        warnings=fleet_warnings(fleet, target),
    )


def batch_cap(policy: Policy, fleet: Fleet) -> int:
    """The most instances in a batch. However large a share the policy allows, one instance of
    those that run stays up; the only one there is, is a batch by itself.
    """
    share = share_of(policy.max_batch_instances, len(fleet.instances))
    return max(1, min(share, fleet.running - 1))


def _fingerprint(fleet: Fleet, target: Image, batches: list[Batch], skipped: list[Skip]) -> str:
    """Who moves with whom, who does not, to what, and from which model. The order within a batch
    is left out: it follows health, which comes and goes.
    """
    together = [sorted(batch.instance_ids) for batch in batches]
    left_alone = [(skip.instance_id, skip.reason) for skip in skipped]
    model = fleet.scale_set.fingerprint
    text = json.dumps([str(target).casefold(), model, together, left_alone])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def batches_of(policy: Policy, moving: list[Instance], fleet: Fleet) -> list[Batch]:
    """These instances in batches, domain by domain."""
    cap = batch_cap(policy, fleet)
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

    def domain(one: Instance) -> Domain:
        return domain_of(one, by_fault_domain=by_fault_domain)

    in_order = sorted(moving, key=lambda one: domain(one).order)
    return ((key, list(members)) for key, members in groupby(in_order, key=domain))


def _parts(members: list[Instance], cap: int) -> Iterator[list[Instance]]:
    """Split a domain that is larger than the cap, along placement groups first: a domain number
    means something only within one placement group, so whole groups may go together.
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
    for one in sorted(members, key=_sickest_first):
        groups.setdefault(one.placement_group, []).append(one)
    return list(groups.values())


def _sickest_first(one: Instance) -> tuple[bool, tuple[int, str]]:
    return (not one.unhealthy, one.order)


def _with_canary(
    domain: Domain, first: list[Instance], size: int
) -> list[tuple[Domain, list[Instance]]]:
    """Who was unhealthy before is no canary: its failure would count against nobody."""
    canary = sorted(first, key=lambda one: one.unhealthy)[:size]
    rest = [one for one in first if one not in canary]
    return [(domain, part) for part in (canary, rest) if part]


def _batch(number: int, domain: Domain, members: list[Instance], *, canary: bool) -> Batch:
    return Batch(
        number=number,
        zone=domain.zone,
        update_domain=domain.update_domain,
        fault_domain=domain.fault_domain,
        canary=canary,
        instance_ids=[one.instance_id for one in members],
    )
