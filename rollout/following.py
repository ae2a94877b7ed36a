"""What is to be done about a published image version, and the fleet rollout that is made of it."""

from collections.abc import Iterable, Sequence
from typing import Literal

from rollout.fleet_order import FleetOrder, LeftOut, Member, fleet_id_of, rollout_id_of
from rollout.fleet_request import FleetRolloutRequest, Wave, WaveRules
from rollout.follow_rules import FollowRules
from rollout.followers import DEFAULT_WAVE, Follower, sorted_out, wave_of
from rollout.image import ImageRequest
from rollout.published_version import PublishedVersion
from rollout.request import Policy
from rollout.scale_set_view import ScaleSetSummary
from rollout.value import Value

_ON_ITS_WAY = {"creating", "updating", "unknown", "migrating"}


class Followed(Value):
    """What is to be done about a version: roll it (`order`), wait, or leave it, and why. `queues`
    says whether a newer version that comes meanwhile is rolled afterwards; `timeout_seconds` is how
    long it may be waited for.
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
    patient: bool = True,
) -> Followed:
    """What to do about this version, with the scale sets there are. Unless `patient`, scale sets in
    regions where it has not arrived are left out instead of waited for.
    """
    limits = {
        "queues": rules.newer_image == "queue",
        "timeout_seconds": rules.replication_timeout.total_seconds(),
    }
    return _decided(version, there, rules, patient=patient).model_copy(update=limits)


def _decided(
    version: PublishedVersion,
    there: Iterable[ScaleSetSummary],
    rules: FollowRules,
    *,
    patient: bool,
) -> Followed:
    state = version.state.casefold()
    if state in _ON_ITS_WAY and patient:
        return Followed(decision="wait", reason=f"the version is {version.state}")
    if state != "succeeded":
        reason = f"version {version.version} is {version.state}, not Succeeded"
        return Followed(decision="leave", reason=reason)
    found = sorted_out(version, there, rules)
    if found.awaited and patient:
        where = ", ".join(sorted({location for _, location in found.awaited}))
        return Followed(decision="wait", reason=f"it is not replicated to {where} yet")
    late = [
        LeftOut(scale_set=one, reason=f"the version did not arrive in {location} in time")
        for one, location in found.awaited
    ]
    return _rolled(version, found.followers, [*found.left_out, *late], rules)


def _rolled(
    version: PublishedVersion,
    followers: Sequence[Follower],
    left_out: list[LeftOut],
    rules: FollowRules,
) -> Followed:
    rolling = [one for one in followers if not one.notify]
    told = [one.scale_set for one in followers if one.notify]
    if not rolling:
        names = ", ".join(one.name for one in told[:10])
        only = f"{len(told)} scale set(s) follow it and want to be told only: {names}"
        reason = only if told else "no scale set follows it that could be rolled"
        return Followed(decision="leave", reason=reason, left_out=left_out)
    order = _order(version, rolling, rules)
    order = order.model_copy(update={"left_out": left_out, "notified": told})
    return Followed(decision="roll", order=order)


def _order(
    version: PublishedVersion, rolling: Sequence[Follower], rules: FollowRules
) -> FleetOrder:
    """The fleet rollout: the waves in the order of the settings, else numbers first, then names,
    then the scale sets that name none.
    """
    fleet_id = fleet_id_of(version.id, version.version)
    by_wave: dict[str, list[Follower]] = {}
    waves: dict[str, WaveRules] = {}
    for one in rolling:
        wave = wave_of(one.wave, rules) or rules.wave(DEFAULT_WAVE)
        waves[wave.name] = wave
        by_wave.setdefault(wave.name, []).append(one)
    ordered = sorted(waves.values(), key=lambda wave: _turn(wave, rules))
    request = FleetRolloutRequest(
        image=ImageRequest(id=version.id),
        waves=[
            Wave(
                **{name: getattr(wave, name) for name in WaveRules.model_fields},
                scale_sets=[one.scale_set for one in by_wave[wave.name]],
            )
            for wave in ordered
        ],
        reason=f"version {version.version} was published",
        by="Event Grid",
    )
    members = [
        [
            Member(
                scale_set=one.scale_set,
                rollout_id=rollout_id_of(fleet_id, one.scale_set),
                policy=one.policy,
            )
            for one in by_wave[wave.name]
        ]
        for wave in ordered
    ]
    used = {one.policy: rules.policies[one.policy] for one in rolling if one.policy}
    return FleetOrder(
        id=fleet_id,
        request=request,
        members=members,
        policies={"": Policy(), **used},
        published_at=version.published_at,
    )


def _turn(wave: WaveRules, rules: FollowRules) -> tuple[int, int, str]:
    names = [each.name for each in rules.waves]
    if names:
        return names.index(wave.name), 0, ""
    if wave.name == DEFAULT_WAVE:
        return 2, 0, ""
    return (0, int(wave.name), "") if wave.name.isdecimal() else (1, 0, wave.name)
