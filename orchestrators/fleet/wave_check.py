"""A wave's bake, and the last look at its scale sets: what has it proved?"""

from datetime import datetime

from orchestrators.engine import ActivityClient, Steps, rest
from orchestrators.fleet.wave_run import WaveRun
from rollout.base import ArmError, EventKind, spoken
from rollout.batch import ReadInventory
from rollout.fleet import FleetMember, PostBakeCheck, WavePlace
from rollout.plan import Policy


class WaveCheck:
    """A scale set that is done has been looked at by its own rollout: after a bake it is looked at
    again, and so is one whose rollout has verified no instance (all were switched off, or on the
    image before).
    """

    def __init__(self, run: WaveRun, activities: ActivityClient) -> None:
        self._run = run
        self._activities = activities

    def done(self) -> Steps[None]:
        """Bake, and look. A wave after which nothing begins anyway needs neither."""
        progress, rules = self._run.progress, self._run.order.rules
        failed = progress.failed > rules.max_failed_scale_sets
        if progress.rolling_back or failed or progress.control.ending:
            return
        if self._run.place.checking is None:
            if rules.bake_after:
                yield from self._bake()
            members = self._run.progress.to_check(baked=bool(rules.bake_after))
            self._leave([member.rollout_id for member in members])
        yield from self._checked()

    def _leave(self, checking: list[str], until: datetime | None = None) -> None:
        place = self._run.place
        self._run.place = WavePlace(look=place.look, checking=checking, until=until)

    def _bake(self) -> Steps[None]:
        run, rules = self._run, self._run.order.rules
        until = run.progress.baking_until or run.now + rules.bake_after
        if not run.progress.baking_until:
            message = (
                f"Wave {rules.name}: baking for {spoken(rules.bake_after)}, "
                f"until {until:%Y-%m-%d %H:%M} UTC"
            )
            run.recorder.write(EventKind.BAKING, message, until=until)
            run.progress = run.progress.baking(until)
            run.report(message)
        while (yield from run.events.sleep_until(until)):
            if run.progress.control.ending:
                return
            rest(run)

    def _checked(self) -> Steps[None]:
        """One by one, unless the operator wants the end."""
        run = self._run
        members = {member.rollout_id: member for member in run.order.members}
        while checking := run.place.checking:
            if run.progress.control.ending:
                return
            yield from self._look(members[checking[0]])
            self._leave(checking[1:])

    def _look(self, member: FleetMember) -> Steps[None]:
        """A scale set that is unhealthy for a moment gets as much time as a batch would."""
        run = self._run
        policy = run.order.policies[member.policy]
        until = run.place.until or run.now + policy.health.timeout
        self._leave(run.place.checking or [], until)
        while True:
            rest(run)
            seen = yield from self._read(member, policy)
            if isinstance(seen, PostBakeCheck) and seen.settled and not self._flaw(seen):
                run.progress = run.progress.member_checked(member, seen.healthy)
                return
            if run.now >= until or run.progress.control.ending:
                self._judge(member, seen)
                return
            yield from self._activities.sleep(policy.health.interval)

    def _read(self, member: FleetMember, policy: Policy) -> Steps[PostBakeCheck | ArmError]:
        task = ReadInventory(scale_set=member.scale_set, health=policy.health)
        inventory = yield from self._activities.read_inventory(task)
        return inventory if isinstance(inventory, ArmError) else PostBakeCheck(policy, inventory)

    def _flaw(self, seen: PostBakeCheck | ArmError) -> str | None:
        """Why the scale set does not count as healthy. Without a bake, an instance that was on the
        image before and is unhealthy is held against nobody, if another one there is healthy.
        """
        if isinstance(seen, ArmError):
            return str(seen) if self._run.order.rules.bake_after else None
        counts = self._run.order.rules.bake_after or not seen.healthy
        return seen.failure if counts else None

    def _judge(self, member: FleetMember, seen: PostBakeCheck | ArmError) -> None:
        """It did not become healthy in time: one that was upgraded was so before."""
        run = self._run
        healthy = seen.healthy if isinstance(seen, PostBakeCheck) else 0
        upgraded = run.progress.has_verified(member)
        run.progress = run.progress.member_checked(member, healthy)
        flaw = self._flaw(seen)
        if flaw is None:
            return
        if upgraded or healthy or isinstance(seen, ArmError):
            reason = f"{member.scale_set.name} is not healthy after its bake: {flaw}"
            run.progress = run.progress.halted(reason)
            return
        reason = f"it was on the image before, and is not healthy: {flaw}"
        run.progress = run.progress.member_refused(member, reason)
