"""What to do about a published image version, and the fleet rollout made from it."""

from collections.abc import Iterable, Sequence
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
)
from rollout.follow.followers import DEFAULT_WAVE, Follower, sorted_out, wave_of
from rollout.follow.rules import FollowRules
from rollout.inventory import ImageRequest, PublishedVersion, ScaleSetSummary
from rollout.plan import Policy

_ON_ITS_WAY = {"creating", "updating", "unknown", "migrating"}


class Followed(Value):
    """What to do about a version, and why: roll it (`order`), wait, or leave it. `queues` is
    whether a newer version published meanwhile is rolled afterwards; `timeout_seconds` is how long
    to wait for this one.
    """

    decision: Literal["roll", "wait", "leave"]
    reason: str = ""
    order: FleetOrder | None = None
    left_out: list[LeftOut] = []
    queues: bool = True
    timeout_seconds: float = 0


def follow(
    version: PublishedVersion,
    there: Iterable[ScaleSetSummary],
    rules: FollowRules,
    *,
    wait_for_regions: bool = True,
) -> Followed:
    """What to do about this version, given the existing scale sets. Without `wait_for_regions`,
    scale sets in regions that the version has not reached are left out instead of waited for.
    """
    limits = {
        "queues": rules.newer_image == "queue",
        "timeout_seconds": rules.replication_timeout.total_seconds(),
    }
    return _decided(version, there, rules, wait_for_regions=wait_for_regions).model_copy(
        update=limits
    )


def _decided(
    version: PublishedVersion,
    there: Iterable[ScaleSetSummary],
    rules: FollowRules,
    *,
    wait_for_regions: bool,
) -> Followed:
    state = version.state.casefold()
    if state in _ON_ITS_WAY and wait_for_regions:
        return Followed(decision="wait", reason=f"the version is {version.state}")
    if state != "succeeded":
        reason = f"version {version.version} is {version.state}, not Succeeded"
        return Followed(decision="leave", reason=reason)
    found = sorted_out(version, there, rules)
    if found.awaited and wait_for_regions:
        where = ", ".join(sorted({location for _, location in found.awaited}))
        return Followed(decision="wait", reason=f"it is not replicated to {where} yet")
    late = [
        LeftOut(scale_set=scale_set, reason=f"the version did not arrive in {location} in time")
        for scale_set, location in found.awaited
    ]
    return _rolled(version, found.followers, [*found.left_out, *late], rules)


def _rolled(
    version: PublishedVersion,
    followers: Sequence[Follower],
    left_out: list[LeftOut],
    rules: FollowRules,
) -> Followed:
    rolling = [follower for follower in followers if not follower.notify]
    notified = [follower.scale_set for follower in followers if follower.notify]
    if not rolling:
        names = ", ".join(follower.name for follower in notified[:10])
        only = f"{len(notified)} scale set(s) follow it and only want to be notified: {names}"
        reason = only if notified else "no scale set that follows it can be rolled"
        return Followed(decision="leave", reason=reason, left_out=left_out)
    order = _order(version, rolling, rules)
    order = order.model_copy(update={"left_out": left_out, "notified": notified})
    return Followed(decision="roll", order=order)


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
