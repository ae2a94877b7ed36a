"""Builders of the values the core works on. Each names only what a test is about."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from rollout.fleet import Fleet, Instance, ScaleSet
from rollout.health import Health
from rollout.image import Image
from rollout.model import Model
from rollout.order import RolloutOrder
from rollout.plan import plan_batches
from rollout.problem import ArmError, ArmErrorKind
from rollout.progress import Progress
from rollout.request import Policy, RolloutRequest
from rollout.scale_set_id import ScaleSetId
from rollout.upgrade import Upgrade

START = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
SCALE_SET = ScaleSetId("00000000-0000-0000-0000-000000000000", "demo", "web")
OLD = Image(
    publisher="Canonical", offer="UbuntuServer", sku="14.04.2-LTS", version="14.04.201503090"
)
NEW = OLD.model_copy(update={"version": "14.04.201507060"})


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def policy(**fields: Any) -> Policy:
    """A policy from its JSON fields."""
    return Policy.from_json(fields)


def request(rules: Policy | None = None, **fields: Any) -> RolloutRequest:
    """A request for NEW from its JSON fields."""
    body: dict[str, Any] = {"scaleSet": str(SCALE_SET), "image": {"version": NEW.version}, **fields}
    asked = RolloutRequest.from_json(body)
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


def fleet(instances: Iterable[Instance], **changes: Any) -> Fleet:
    return Fleet(scale_set=scale_set(**changes), instances=list(instances))


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
            placement_group=f"group-{number * placement_groups // count}",
        )
        for number in range(count)
    ]


def sick(one: Instance) -> Instance:
    return one.model_copy(update={"health": Health.UNHEALTHY})


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


def planned(there: Fleet, rules: Policy | None = None, **fields: Any) -> Progress:
    """A rollout of `there` to NEW that has made its plan."""
    order = RolloutOrder(id="r1", request=request(rules, **fields))
    plan = plan_batches(order.request.policy, there, NEW)
    return Progress(order=order, started_at=START).planned(there, plan, NEW)


def upgrade(there: Fleet, rules: Policy | None = None) -> Upgrade:
    """What the first batch of a rollout of `there` is told."""
    progress = planned(there, rules)
    batch = plan_batches(progress.order.request.policy, there, NEW).batches[0]
    not_after = START + progress.order.request.policy.deadline
    return progress.began(batch, START).upgrade(batch, model(), not_after, again=False)
