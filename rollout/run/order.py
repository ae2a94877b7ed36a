"""What a rollout is started with."""

from datetime import datetime, timedelta

from rollout.base import ORCHESTRATION_VERSION, Caller, Value, fingerprint_of
from rollout.plan import RolloutRequest
from rollout.run.command import Command
from rollout.run.control import Control
from rollout.run.earlier import Earlier, Resumption, RollbackRequest
from rollout.run.ids import rollback_id
from rollout.run.inspection import Inspection
from rollout.windows import Calendar, FreezeFeed

_JUST_READ = timedelta(minutes=1)
"""How long what a start has read is as good as a read of the rollout's own."""


class RolloutOrder(Value):
    """A request with the id under which it runs; `rollback` if it rolls back a rollout that has
    ended, `resume` if it goes on with one that broke off. `wave` is the instance id of the wave to
    notify of its end, and `fleet_run` tells the run of its fleet rollout from others under the same
    id; `version` is that of the app that started it, `started_by` who was signed in.
    `run` tells it from another one that was started under the same id after a purge.
    `health_as_in` is the earlier rollout whose policy accepted the power state, if this one goes by
    it for that reason: its own policy was asked to be `auto`. `inspected` is what its start has
    read, for a rollout that begins right after that.
    """

    id: str
    request: RolloutRequest
    rollback: RollbackRequest | None = None
    resume: Resumption | None = None
    wave: str | None = None
    fleet_run: str = ""
    run: str = ""
    version: int = ORCHESTRATION_VERSION
    started_by: Caller | None = None
    health_as_in: str | None = None
    inspected: Inspection | None = None
    glass: Command | None = None
    """Because of which it waits for no window and no freeze."""
    calendar: Calendar | None = None
    """When anything may run, as it was when it started."""

    @property
    def control(self) -> Control:
        """What is wanted of it from the beginning."""
        return Control(glass=self.glass)

    @property
    def held_by(self) -> Calendar:
        """What every batch of the way forward waits for."""
        return self.request.policy.calendar if self.calendar is None else self.calendar

    def pinned(self, app: Calendar) -> "RolloutOrder":
        """With the app's own windows and freezes, as they are when it starts."""
        calendar = self.request.policy.calendar.with_that_of(app)
        return self.model_copy(update={"calendar": calendar})

    def reread(self, feeds: list[FreezeFeed]) -> "RolloutOrder":
        """With the freezes that stand elsewhere as they were read now."""
        return self.model_copy(update={"calendar": self.held_by.with_feeds(feeds)})

    def inspected_now(self, now: datetime) -> Inspection | None:
        """What its start has read, unless that is too long ago, or nobody knows when it was."""
        at = self.inspected and self.inspected.listing and self.inspected.listing.at
        return self.inspected if at and abs(now - at) <= _JUST_READ else None

    @property
    def begun(self) -> "RolloutOrder":
        """The same once it has begun: what its start has read is too old for what comes later."""
        return self.model_copy(update={"inspected": None})

    @property
    def instance_id(self) -> str:
        """The id of its orchestration."""
        return rollback_id(self.id) if self.rollback else self.id

    @property
    def forward(self) -> "RolloutOrder":
        """Without its rollback, as it was started first."""
        return self.model_copy(update={"rollback": None})

    def as_in(self, rollout_id: str | None) -> "RolloutOrder":
        """Going by the power state, if there is an earlier rollout whose policy accepted it."""
        if rollout_id is None:
            return self
        request = self.request.going_by("powerState")
        return self.model_copy(update={"request": request, "health_as_in": rollout_id})

    @property
    def asked(self) -> RolloutRequest:
        """The request as it was sent."""
        return self.request.going_by("auto") if self.health_as_in else self.request

    @property
    def accepted_power_state(self) -> str | None:
        """The rollout whose policy said that the power state counts, if this one goes by it."""
        accepted = self.request.policy.health.source == "powerState"
        return (self.health_as_in or self.id) if accepted else None

    def same_start(self, other: "RolloutOrder") -> bool:
        """Whether both were made of the same request, however far one has come."""
        return self.fingerprint == other.fingerprint

    @property
    def earlier(self) -> Earlier | None:
        """What it goes on from, if another orchestration has begun it."""
        return self.resume or self.rollback

    @property
    def fingerprint(self) -> str:
        """The same for the same start, in whatever case the scale set is spelled."""
        request = {**self.asked.to_json(), "scaleSet": self.request.scale_set.key}
        run = [self.fleet_run] if self.fleet_run else []
        return fingerprint_of([self.instance_id, request, self.wave, *run])
