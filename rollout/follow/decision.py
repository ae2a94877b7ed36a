"""What to do about a published image version, and the fleet rollout made from it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from rollout.base import Value
from rollout.fleet import (
    FleetMember,
    FleetOrder,
    FleetRolloutRequest,
    LeftOut,
    Wave,
    WaveRules,
    fleet_id_of,
    rollout_id_of,
    unseen_alerts,
)
from rollout.follow.followers import (
    DEFAULT_WAVE,
    Follower,
    Running,
    SortedOut,
    sorted_out,
    version_open,
    wave_of,
)
from rollout.follow.rules import FollowRules
from rollout.gates import MOST_GATES
from rollout.inventory import ImageRequest, PublishedVersion, ScaleSetId, ScaleSetSummary, by_number
from rollout.plan import Policy

_ON_ITS_WAY = {"creating", "updating", "unknown", "migrating"}


class Followed(Value):
    """What to do about a version, and why: roll it (`order`), wait, or leave it. `queues` is
    whether a newer version published meanwhile is rolled afterwards; `timeout_seconds` is how long
    to wait for this one; `newer` is the newer version that its followers can have;
    `useless` if the version itself is why it is left.
    """

    decision: Literal["roll", "wait", "leave"]
    reason: str = ""
    order: FleetOrder | None = None
    left_out: list[LeftOut] = []
    newer: str | None = None
    useless: bool = False
    queues: bool = True
    timeout_seconds: float = 0


def follow(
    version: PublishedVersion,
    there: Iterable[ScaleSetSummary],
    rules: FollowRules,
    *,
    running: Mapping[str, Running] | None = None,
    wait_for_regions: bool = True,
    attempt: int = 1,
) -> Followed:
    """What to do about this version, given the existing scale sets. Without `wait_for_regions`,
    scale sets in regions that the version has not reached are left out instead of waited for.
    `running` is what the instances of those of `unpinned` run, once that was read. `attempt` is one
    more than the fleet rollouts of it that moved nobody.
    """
    there = list(there)
    found = sorted_out(version, there, rules, running)
    limits: dict[str, object] = {
        "newer": _newest(found),
        "queues": rules.newer_image == "queue",
        "timeout_seconds": rules.replication_timeout.total_seconds(),
    }
    decided = _decided(version, found, rules, wait_for_regions=wait_for_regions)
    if decided.order:
        sizes = {scale_set.id.key: scale_set.capacity for scale_set in there}
        limits["order"] = _numbered(decided.order, version, attempt, sizes)
    return decided.model_copy(update=limits)


def _numbered(
    order: FleetOrder, version: PublishedVersion, attempt: int, sizes: Mapping[str, int | None]
) -> FleetOrder:
    """The order under the ids of that attempt; `sizes` are how many instances each scale set has,
    by key.
    """
    fleet_id = fleet_id_of(version.id, version.version, attempt)
    members = [
        [
            member.model_copy(
                update={
                    "rollout_id": rollout_id_of(fleet_id, member.scale_set),
                    "instances": sizes.get(member.scale_set.key),
                }
            )
            for member in wave
        ]
        for wave in order.members
    ]
    return order.model_copy(update={"id": fleet_id, "members": members})


def unpinned(followed: Followed, there: Iterable[ScaleSetSummary]) -> list[ScaleSetSummary]:
    """The scale sets that would be rolled although their models leave the version open: their
    instances may run a newer one, which was withdrawn since.
    """
    chosen = {each.key for each in followed.order.scale_sets} if followed.order else set[str]()
    return [each for each in there if each.id.key in chosen and version_open(each)]


def _decided(
    version: PublishedVersion, found: SortedOut, rules: FollowRules, *, wait_for_regions: bool
) -> Followed:
    state = version.state.casefold()
    if state in _ON_ITS_WAY and wait_for_regions:
        return Followed(decision="wait", reason=f"the version is {version.state}")
    if state != "succeeded":
        reason = f"version {version.version} is {version.state}, not Succeeded"
        return Followed(decision="leave", reason=reason, useless=True)
    if found.awaited and wait_for_regions:
        where = ", ".join(sorted({location for _, location in found.awaited}))
        return Followed(decision="wait", reason=f"it is not replicated to {where} yet")
    late = [
        LeftOut(scale_set=scale_set, reason=f"the version did not arrive in {location} in time")
        for scale_set, location in found.awaited
    ]
    return _rolled(version, found, [*found.left_out, *late], rules)


def _rolled(
    version: PublishedVersion, found: SortedOut, left_out: list[LeftOut], rules: FollowRules
) -> Followed:
    rolling = [follower for follower in found.followers if not follower.notify]
    notified = [follower.scale_set for follower in found.followers if follower.notify]
    if not rolling:
        reason = _why_nobody(notified, found)
        useless = bool(left_out) and not notified and not found.outdone
        return Followed(decision="leave", reason=reason, left_out=left_out, useless=useless)
    left_out = [
        *left_out,
        *(
            LeftOut(scale_set=scale_set, reason=f"version {newer} is newer, and can be used there")
            for scale_set, newer in found.outdone
        ),
    ]
    order = _order(version, rolling, rules)
    if flaw := _gate_flaw(order):
        return Followed(decision="leave", reason=flaw, left_out=left_out)
    order = order.model_copy(update={"left_out": left_out, "notified": notified})
    return Followed(decision="roll", order=order)


def _gate_flaw(order: FleetOrder) -> str | None:
    """Why its waves cannot be kept by the gates between them: a gate would not see all that it is
    asked about, or there are more than a view has room for.
    """
    if len(order.gates) > MOST_GATES:
        policies = ", ".join(sorted(name for name in order.policies if name))
        return (
            f"the policies of its followers ({policies}) have {len(order.gates)} gates at place "
            f"wave, and a fleet rollout asks at most {MOST_GATES}"
        )
    for index, wave in enumerate(order.request.waves):
        ids = [member.scale_set for member in order.members[index]]
        for gate in order.gates_of(index):
            if flaw := unseen_alerts(gate, wave.name, ids):
                return f"gate {gate.name} {flaw}"
    return None


def _newest(found: SortedOut) -> str | None:
    return max((newer for _, newer in found.outdone), key=by_number, default=None)


def _why_nobody(notified: Sequence[ScaleSetId], found: SortedOut) -> str:
    if notified:
        names = ", ".join(follower.name for follower in notified[:10])
        return f"{len(notified)} scale set(s) follow it and only want to be notified: {names}"
    if newest := _newest(found):
        return f"version {newest} is newer, and only the newest that can be used moves anybody"
    return "no scale set that follows it can be rolled"


def _order(
    version: PublishedVersion, rolling: Sequence[Follower], rules: FollowRules
) -> FleetOrder:
    """The fleet rollout. Its waves have the order of the settings; without those, numbers come
    first, then names, then scale sets whose tags name no wave.
    """
    fleet_id = fleet_id_of(version.id, version.version)
    by_wave: dict[str, list[Follower]] = {}
    waves: dict[str, WaveRules] = {}
    for follower in rolling:
        wave = wave_of(follower.wave, rules) or rules.wave(DEFAULT_WAVE)
        waves[wave.name] = wave
        by_wave.setdefault(wave.name, []).append(follower)
    ordered = sorted(waves.values(), key=lambda wave: _turn(wave, rules))
    request = FleetRolloutRequest(
        image=ImageRequest(id=version.id),
        waves=[
            Wave(
                **{name: getattr(wave, name) for name in WaveRules.model_fields},
                scale_sets=[follower.scale_set for follower in by_wave[wave.name]],
            )
            for wave in ordered
        ],
        reason=f"version {version.version} was published",
        by="Event Grid",
    )
    members = [
        [
            FleetMember(
                scale_set=follower.scale_set,
                rollout_id=rollout_id_of(fleet_id, follower.scale_set),
                policy=follower.policy,
            )
            for follower in by_wave[wave.name]
        ]
        for wave in ordered
    ]
    used = {
        follower.policy: rules.policies[follower.policy] for follower in rolling if follower.policy
    }
    return FleetOrder(
        id=fleet_id,
        request=request,
        members=members,
        policies={"": Policy(), **used},
        published_at=version.published_at,
    )


def _turn(wave: WaveRules, rules: FollowRules) -> tuple[int, int, str]:
    names = [rule.name for rule in rules.waves]
    if names:
        return names.index(wave.name), 0, ""
    if wave.name == DEFAULT_WAVE:
        return 2, 0, ""
    return (0, int(wave.name), "") if wave.name.isdecimal() else (1, 0, wave.name)
