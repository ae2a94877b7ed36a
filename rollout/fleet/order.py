"""What a fleet rollout and its waves are started with, and the result of a wave."""

from collections.abc import Sequence
from datetime import datetime

from rollout.base import ORCHESTRATION_VERSION, Caller, Cell, Phase, Value, fingerprint_of
from rollout.callbacks import HeardAnswer
from rollout.fleet.ids import wave_id
from rollout.fleet.request import FleetRolloutRequest, WaveRules
from rollout.fleet.wave_gates import gates_at_waves
from rollout.gates import CallbackGate, Gate
from rollout.inventory import ImageRequest, ScaleSetId, ScaleSetIdField
from rollout.plan import Policy, RolloutRequest
from rollout.run import Command, Control, ProgressView, RolloutOrder, rollback_id
from rollout.windows import Calendar


class FleetMember(Value):
    """A scale set of a fleet rollout, the id of its rollout, and the name of its policy.
    `instances` is how many it had at the start, None if that is not known.
    """

    scale_set: ScaleSetIdField
    rollout_id: str
    policy: str = ""
    instances: int | None = None

    @property
    def weight(self) -> int:
        """How much of a fleet rollout it is, in instances."""
        return 1 if self.instances is None else self.instances


class LeftOut(Value):
    """A scale set that is not rolled, and why."""

    scale_set: ScaleSetIdField
    reason: str


class FleetRollbackRequest(Value):
    """To roll back a fleet rollout that has ended: the operator's command, and the cells of its
    scale sets, wave by wave.
    """

    command: Command
    cells: list[str]
    started_at: datetime
    events: int = 0


class FleetResumption(Value):
    """To go on with a fleet rollout that broke off: its cells, wave by wave, the number of the wave
    that was under way and when that began, and why members have failed. `attempt` counts the times
    without progress, from 1; `reason` is why it broke off, `events` how many events it has written.
    `control` is what the operator wants; `rolling_back` is why it was rolling back, if it was, and
    `rollback` the command with which its members are told to; `unverified` are the names of waves
    that have proved nothing.
    """

    cells: list[str]
    wave: int
    reasons: dict[str, str] = {}
    started_at: datetime | None = None
    wave_began_at: datetime | None = None
    wave_before_began_at: datetime | None = None
    """When the wave before that one began."""
    attempt: int
    reason: str
    events: int = 0
    control: Control = Control()
    rolling_back: str | None = None
    rollback: Command | None = None
    unverified: list[str] = []
    asked_by: Caller | None = None
    """Who was signed in and asked for it; None if it was taken up by itself."""
    answers: list[HeardAnswer] = []
    """Those to its questions that it could not count any more."""


class FleetOrder(Value):
    """A fleet rollout with everything resolved: the members of each wave of its request, and the
    policies by name. `notify` is the instance id of the follower to notify of its end; `version` is
    that of the app that started it, `started_by` who was signed in. `run` tells it from others
    under the same id: one that was purged, and was started again.
    """

    id: str
    request: FleetRolloutRequest
    run: str = ""
    members: list[list[FleetMember]]
    policies: dict[str, Policy]
    published_at: datetime | None = None
    """When the image version was published; needed if a wave has a minimum image age."""
    left_out: list[LeftOut] = []
    """Scale sets that follow the image but cannot be rolled."""
    notified: list[ScaleSetIdField] = []
    """Scale sets that follow the image and only want to be notified."""
    rollback: FleetRollbackRequest | None = None
    resume: FleetResumption | None = None
    notify: str | None = None
    version: int = ORCHESTRATION_VERSION
    started_by: Caller | None = None
    held_up: bool = False
    """Whether windows or freezes may hold up any of its scale sets."""

    @property
    def instance_id(self) -> str:
        """The id of its orchestration."""
        return rollback_id(self.id) if self.rollback else self.id

    @property
    def earlier(self) -> FleetResumption | FleetRollbackRequest | None:
        """What it goes on from, if another orchestration has begun it."""
        return self.resume or self.rollback

    @property
    def forward(self) -> "FleetOrder":
        """Without its rollback, as it was started first."""
        return self.model_copy(update={"rollback": None})

    @property
    def fingerprint(self) -> str:
        """The same for the same start."""
        return fingerprint_of([self.instance_id, self.request.to_json()])

    @property
    def scale_sets(self) -> list[ScaleSetId]:
        """All of them, in an order that is the same for every fleet rollout."""
        ids = [member.scale_set for members in self.members for member in members]
        return sorted(ids, key=lambda scale_set: scale_set.key)

    def starting(self, app: Calendar) -> "FleetOrder":
        """With what the app's own windows and freezes mean for it when it starts."""
        holds = [policy.calendar.with_that_of(app) for policy in self.used_policies.values()]
        return self.model_copy(update={"held_up": not all(each.empty for each in holds)})

    @property
    def used_policies(self) -> dict[str, Policy]:
        """Those by which any of its scale sets is rolled."""
        names = dict.fromkeys(member.policy for wave in self.members for member in wave)
        return {name: self.policies[name] for name in names}

    @property
    def gates(self) -> list[Gate]:
        """All that are asked between its waves, each once."""
        return gates_at_waves(self.policies, self.used_policies)

    @property
    def asks_back(self) -> bool:
        """Whether it asks anybody who answers at an address of ours."""
        return any(isinstance(gate.check, CallbackGate) for gate in self.gates)

    def gates_of(self, index: int) -> list[Gate]:
        """Those that are asked when the wave of that index is done."""
        return gates_at_waves(self.policies, (member.policy for member in self.members[index]))

    def wave(
        self,
        index: int,
        not_after: datetime,
        rollback: Command | None = None,
        glass: Command | None = None,
    ) -> "WaveOrder":
        """What the wave of that index is started with."""
        return WaveOrder(
            fleet_id=self.id,
            run=self.run,
            number=index + 1,
            rules=self.request.waves[index].rules,
            members=self.members[index],
            image=self.request.image,
            policies=self.policies,
            not_after=not_after,
            reason=self.request.reason,
            by=self.request.by,
            rollback=rollback,
            glass=glass,
            started_by=self.started_by,
        )


class WaveOrder(Value):
    """What one wave is started with. With `rollback`, its members are rolled back by that command;
    no member begins later than `not_after`. `taken_up` if it had begun before and broke off; it had
    received those `commands`, which its rollouts may not have heard of.
    """

    fleet_id: str
    run: str = ""
    number: int
    rules: WaveRules
    members: list[FleetMember]
    image: ImageRequest
    policies: dict[str, Policy]
    not_after: datetime
    reason: str | None = None
    by: str | None = None
    rollback: Command | None = None
    position: list[int] = []
    """Of the event with which it began."""
    taken_up: bool = False
    commands: list[Command] = []
    started_by: Caller | None = None
    glass: Command | None = None
    """Because of which windows and freezes no longer hold its scale sets up."""

    @property
    def instance_id(self) -> str:
        return wave_id(self.fleet_id, self.number, rolling_back=self.rollback is not None)

    @property
    def membership(self) -> "Membership":
        """What the rollouts that it has started say of themselves."""
        return Membership(wave=wave_id(self.fleet_id, self.number), run=self.run)

    def after(self, received: Sequence[Command]) -> "WaveOrder":
        """What it begins with again after it broke off, having received these commands."""
        update = {"taken_up": True, "commands": [*self.commands, *received]}
        return self.model_copy(update=update)

    def order_of(self, member: FleetMember, glass: Command | None = None) -> RolloutOrder:
        """The ordinary rollout of that scale set; with that command it waits for no window."""
        request = RolloutRequest(
            scale_set=member.scale_set,
            image=self.image,
            policy=self.policies[member.policy].of_one_scale_set,
            reason=self.reason,
            by=self.by,
        )
        return RolloutOrder(
            id=member.rollout_id,
            request=request,
            wave=self.instance_id,
            started_by=self.started_by,
            fleet_run=self.run,
            run=self.run,
            glass=glass,
        )


class Membership(Value):
    """To which wave of which run of a fleet rollout a rollout belongs. An id proves nothing:
    whoever has Durable's key can start a rollout with one, or an earlier run has left it.
    """

    wave: str
    run: str = ""

    def has(self, order: RolloutOrder) -> bool:
        """Whether the rollout with that order belongs to it."""
        return (order.wave, order.fleet_run) == (self.wave, self.run)


class WaveOutcome(Value):
    """The result of a wave: a cell per member, the reason for each failed member, and why nothing
    may begin after it, if that is so. `unverified` if no instance was seen healthy on the image:
    then it has proved nothing.
    """

    cells: str
    reasons: dict[str, str] = {}
    halt: str | None = None
    unverified: bool = False


class WaveStatus(Value):
    """What a running wave publishes."""

    cells: str
    message: str
    updated_at: datetime
    baking_until: datetime | None = None


class RolloutEnded(Value):
    """How a member's rollout ended, sent to the wave that started it; or how a fleet rollout ended,
    sent to the follower of its image.
    """

    rollout_id: str
    phase: Phase
    message: str
    verified: int = 0
    """How many of its instances were upgraded and seen healthy."""

    @classmethod
    def of(cls, view: ProgressView) -> "RolloutEnded":
        """The end of what has that view."""
        verified = view.counts.done
        return cls(rollout_id=view.id, phase=view.phase, message=view.message, verified=verified)


def cells_of(count: int) -> str:
    """The cells of a wave in which nothing has begun."""
    return Cell.PENDING.value * count
