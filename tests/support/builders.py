"""Builders of the values the core works on. Each names only what a test is about."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from typing import Any

from rollout.base import ArmError, ArmErrorKind
from rollout.batch import (
    BatchOrder,
    BatchReading,
    Model,
    Observation,
    Operation,
    WatchLimits,
)
from rollout.fleet import FleetOrder, FleetRolloutRequest, fleet_order
from rollout.inventory import Health, Image, Instance, Inventory, ScaleSet, ScaleSetId
from rollout.plan import Policy, RolloutRequest, plan_batches
from rollout.run import Progress, RolloutOrder

START = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
SCALE_SET = ScaleSetId("00000000-0000-0000-0000-000000000000", "demo", "web")
OLD = Image(
    publisher="Canonical", offer="UbuntuServer", sku="14.04.2-LTS", version="14.04.201503090"
)
NEW = OLD.model_copy(update={"version": "14.04.201507060"})
OBSERVATIONS = {
    "g": Observation.GONE,
    "z": Observation.OFF,
    "d": Observation.DELETING,
    "o": Observation.OLD_IMAGE,
    "u": Observation.UPDATING,
    "f": Observation.FAILED,
    "h": Observation.HEALTHY,
    "x": Observation.UNHEALTHY,
    "k": Observation.UNKNOWN,
    "i": Observation.INITIALIZING,
}
"""What was seen of an instance, as a letter."""


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def limits(
    stable: float = 60, timeout: float = 900, interval: float = 300, unhealthy_after: float = 9_999
) -> WatchLimits:
    """Of a watch, in seconds. The interval is long, so that looks may be far apart."""
    return WatchLimits(
        seconds(stable), seconds(timeout), seconds(interval), seconds(unhealthy_after)
    )


def policy(**fields: Any) -> Policy:
    """A policy from its JSON fields."""
    return Policy.from_request(fields)


def request(rules: Policy | None = None, **fields: Any) -> RolloutRequest:
    """A request for NEW from its JSON fields."""
    body: dict[str, Any] = {"scaleSet": str(SCALE_SET), "image": {"version": NEW.version}, **fields}
    asked = RolloutRequest.from_request(body)
    return asked.model_copy(update={"policy": rules}) if rules else asked


def scale_set(**changes: Any) -> ScaleSet:
    """A Uniform scale set with upgrade policy Manual on which no operation runs."""
    plain = ScaleSet(
        id=SCALE_SET,
        location="westeurope",
        etag='"1"',
        upgrade_policy="Manual",
        orchestration_mode="Uniform",
        provisioning_state="Succeeded",
        image=OLD,
        fingerprint="as-we-found-it",
        reports_health=True,
    )
    return plain.model_copy(update=changes)


def instance(number: int | str, update_domain: int | None = None, **changes: Any) -> Instance:
    """A healthy instance that runs OLD."""
    plain: dict[str, Any] = {"health": "healthy", "image": OLD}
    return Instance(instance_id=str(number), update_domain=update_domain, **{**plain, **changes})


def inventory(instances: Iterable[Instance], **changes: Any) -> Inventory:
    return Inventory(scale_set=scale_set(**changes), instances=list(instances))


def spread(
    count: int,
    update_domains: int | None = 5,
    *,
    zones: int = 0,
    fault_domains: int = 0,
    placement_groups: int = 1,
) -> list[Instance]:
    """Instances dealt out evenly, as Azure does: placement groups and zones in blocks, update
    domains in turn within each.
    """
    return [
        instance(
            number,
            number % update_domains if update_domains else None,
            zone=str(1 + number * zones // count) if zones else None,
            fault_domain=number % fault_domains if fault_domains else None,
            placement_group_id=f"group-{number * placement_groups // count}",
        )
        for number in range(count)
    ]


def changed(
    there: Iterable[Instance], instance_ids: Iterable[str], **changes: Any
) -> list[Instance]:
    """The same instances, some of them changed."""
    chosen = set(instance_ids)
    return [
        each.model_copy(update=changes) if each.instance_id in chosen else each for each in there
    ]


def unhealthy(well: Instance) -> Instance:
    return well.model_copy(update={"health": Health.UNHEALTHY})


def model(**changes: Any) -> Model:
    """The model as we set it: NEW, on the profile of `scale_set(image=NEW)`."""
    return Model(image=NEW, fingerprint="as-we-found-it").model_copy(update=changes)


def throttled(**changes: Any) -> ArmError:
    """An answer of Azure that says nothing about health."""
    plain = ArmError(
        kind=ArmErrorKind.UNAVAILABLE,
        action="list the instances of",
        resource=str(SCALE_SET),
        status=429,
        code="TooManyRequests",
        message="The server rejected the request because too many requests have been received",
    )
    return plain.model_copy(update=changes)


def planned(there: Inventory, rules: Policy | None = None, **fields: Any) -> Progress:
    """A rollout of `there` to NEW that has made its plan."""
    order = RolloutOrder(id="r1", request=request(rules, **fields))
    plan = plan_batches(order.request.policy, there, NEW)
    return Progress(order=order, started_at=START).planned(there, plan, NEW)


def batch_order(there: Inventory, rules: Policy | None = None) -> BatchOrder:
    """What the first batch of a rollout of `there` is told."""
    progress = planned(there, rules)
    batch = plan_batches(progress.order.request.policy, there, NEW).batches[0]
    not_after = START + progress.order.request.policy.deadline
    return progress.batch_started(batch, START).batch_order(batch, model(), not_after)


def reading(
    letters: str, instance_ids: Iterable[str], operation: Operation | None = None, **changes: Any
) -> BatchReading:
    """One look at a batch: a letter for each of its instances."""
    seen: dict[Observation, list[str]] = {}
    for instance_id, letter in zip(instance_ids, letters, strict=True):
        seen.setdefault(OBSERVATIONS[letter], []).append(instance_id)
    return BatchReading(seen=seen, operation=operation).model_copy(update=changes)


def fleet_rollout(*sizes: int, rules: Sequence[dict[str, Any]] = (), **fields: Any) -> FleetOrder:
    """A fleet rollout f1 to NEW with so many scale sets in each wave: set-0, set-1 and so on in
    wave-1, wave-2 and so on. `rules` are further JSON fields of the waves, in order.
    """
    names = (f"set-{number}" for number in count())
    chosen = [[ScaleSetId("s-1", "demo", name) for name in islice(names, size)] for size in sizes]
    waves = [
        {"name": f"wave-{number}", "scaleSets": [str(scale_set_id) for scale_set_id in ids]}
        for number, ids in enumerate(chosen, start=1)
    ]
    for wave, more in zip(waves, rules, strict=False):
        wave.update(more)
    body = {"image": {"version": NEW.version}, "waves": waves, **fields}
    return fleet_order("f1", FleetRolloutRequest.from_request(body), chosen)
