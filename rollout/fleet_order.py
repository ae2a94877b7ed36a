"""What a fleet rollout and its waves are started with, and what came of a wave."""

import re
from datetime import datetime
from hashlib import sha256

from rollout.cell import Cell
from rollout.command import Command
from rollout.fleet_request import FleetRolloutRequest, WaveRules
from rollout.gallery_id import GalleryId
from rollout.image import ImageRequest
from rollout.names import wave_id
from rollout.order import RolloutOrder
from rollout.phase import Phase
from rollout.request import Policy, RolloutRequest
from rollout.scale_set_id import ScaleSetId, ScaleSetIdField
from rollout.value import Value


class Member(Value):
    """A scale set of a fleet rollout, the id of its rollout, and the name of its policy."""

    scale_set: ScaleSetIdField
    rollout_id: str
    policy: str = ""


class LeftOut(Value):
    """A scale set that is not rolled, and why."""

    scale_set: ScaleSetIdField
    reason: str


class FleetBack(Value):
    """A fleet rollout that has ended and is to be rolled back: who wants it, and the letters of
    its scale sets, wave by wave.
    """

    command: Command
    cells: list[str]
    started_at: datetime


class FleetOrder(Value):
    """A fleet rollout with everything resolved: the scale sets of each wave of its request, and the
    policies by their names. `published_at` is when the image version was published, where a wave
    wants it to be of some age. `left_out` and `notified` are scale sets that follow the image and
    are not rolled.
    """

    id: str
    request: FleetRolloutRequest
    members: list[list[Member]]
    policies: dict[str, Policy]
    published_at: datetime | None = None
    left_out: list[LeftOut] = []
    notified: list[ScaleSetIdField] = []
    back: FleetBack | None = None

    def wave(self, index: int, not_after: datetime, back: Command | None = None) -> "WaveOrder":
        """What the wave of that index is told."""
        asked = self.request.waves[index]
        return WaveOrder(
            fleet_id=self.id,
            number=index + 1,
            rules=WaveRules.model_construct(
                **{name: getattr(asked, name) for name in WaveRules.model_fields}
            ),
            members=self.members[index],
            image=self.request.image,
            policies=self.policies,
            not_after=not_after,
            reason=self.request.reason,
            by=self.request.by,
            back=back,
        )


class WaveOrder(Value):
    """What the orchestration of one wave is told. With `back`, its members go back because of that;
    `not_after` is when none begins any more.
    """

    fleet_id: str
    number: int
    rules: WaveRules
    members: list[Member]
    image: ImageRequest
    policies: dict[str, Policy]
    not_after: datetime
    reason: str | None = None
    by: str | None = None
    back: Command | None = None

    @property
    def instance_id(self) -> str:
        return wave_id(self.fleet_id, self.number, back=self.back is not None)

    def order_of(self, member: Member) -> RolloutOrder:
        """The ordinary rollout of that scale set."""
        request = RolloutRequest(
            id=member.rollout_id,
            scale_set=member.scale_set,
            image=self.image,
            policy=self.policies[member.policy],
            reason=self.reason,
            by=self.by,
        )
        return RolloutOrder(id=member.rollout_id, request=request, wave=self.instance_id)


class WaveOutcome(Value):
    """What became of a wave: a letter per member, the reason for each that failed, and why nothing
    may begin after it, if nothing may.
    """

    cells: str
    reasons: dict[str, str] = {}
    halt: str | None = None


class WaveStatus(Value):
    """What a running wave publishes."""

    cells: str
    message: str
    updated_at: datetime


class MemberEnded(Value):
    """How the rollout of a member ended; told to the wave that started it."""

    rollout_id: str
    phase: Phase
    message: str


def rollout_id_of(fleet_id: str, scale_set: ScaleSetId) -> str:
    """The id of a member's rollout: the same whenever it is asked for, and told apart also where
    scale sets of one name stand in different groups.
    """
    return f"{fleet_id}.{scale_set.name.lower()[:30]}.{scale_set.key[:6]}"


def fleet_id_of(version_id: str, version: str) -> str:
    """The id of the fleet rollout of a published version: the same whenever it is published."""
    image = GalleryId.parse(version_id)
    digest = sha256(version_id.casefold().encode()).hexdigest()[:6]
    name = re.sub(r"[^a-z0-9._\-]", "-", image.image.lower() if image else "image")[:30]
    return f"{name}-{version[:20]}-{digest}"


def cells_of(count: int) -> str:
    """The letters of a wave of which nothing has begun."""
    return Cell.PENDING.value * count
