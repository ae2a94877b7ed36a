"""One wave of a fleet rollout: its scale sets, a few at a time, and then a while of watching."""

from datetime import timedelta
from typing import Any

from orchestrators.context import Context, Steps
from orchestrators.ears import Ears
from orchestrators.hands import Hands
from orchestrators.journal import Journal
from orchestrators.members import Members
from orchestrators.operator import command_of
from rollout.command import Command
from rollout.control import VERBS_HEARD
from rollout.duration import spoken
from rollout.event import EventKind
from rollout.fleet_order import Member, MemberEnded, WaveOrder, WaveOutcome
from rollout.fleet_task import MemberStart
from rollout.names import COMMAND, MEMBER_ENDED
from rollout.phase import Phase, Verb
from rollout.problem import ArmError
from rollout.relapse import relapsed
from rollout.task import ReadFleet
from rollout.wave_progress import WaveProgress

FIRST_LOOK, LONGEST_LOOK = timedelta(minutes=15), timedelta(hours=6)
"""A rollout tells its wave when it has ended. In case it cannot, the wave also looks by itself."""
TRY_AGAIN = timedelta(minutes=2)


def roll_out_wave(context: Context) -> Steps[dict[str, Any]]:
    """The sub-orchestration of one wave: takes a WaveOrder, returns a WaveOutcome."""
    wave = WaveRun(context, WaveOrder.from_json(context.get_input()))
    outcome = yield from wave.run()
    return outcome.to_json()


class WaveRun:
    """One wave on its way. It starts rollouts as orchestrations of their own, each holding its
    scale set, and hears from each when it has ended.
    """

    def __init__(self, context: Context, order: WaveOrder) -> None:
        self._context = context
        self._order = order
        self._journal = Journal(context, order.fleet_id)
        heard = {COMMAND: VERBS_HEARD, MEMBER_ENDED: 2 * len(order.members)}
        self._ears = Ears(context, heard, self._heard)
        self._members = Members(context, self._ears.wait)
        self._hands = Hands(context, self._ears.wait)
        self._progress = WaveProgress.begun(order)
        self._to_pass_on: list[Command] = []

    def run(self) -> Steps[WaveOutcome]:
        """Until every scale set is through, or nothing may begin any more and nothing runs."""
        look = FIRST_LOOK
        while not self._progress.through(self._context.current_utc_datetime):
            yield from self._pass_on()
            if member := self._progress.next_member(self._context.current_utc_datetime):
                yield from self._begin(member)
                look = FIRST_LOOK
                continue
            self._say(self._message())
            until = self._context.current_utc_datetime + self._patience(look)
            if not (yield from self._ears.sleep_until(until)):
                yield from self._look()
                look = min(2 * look, LONGEST_LOOK)
        yield from self._bake()
        self._say(self._message())
        return self._progress.outcome()

    def _patience(self, look: timedelta) -> timedelta:
        """Soon, when a scale set waits for another rollout to let go of it."""
        return min(look, TRY_AGAIN) if self._progress.held else look

    def _begin(self, member: Member) -> Steps[None]:
        """Start the rollout of one more scale set. One that another rollout has is tried again."""
        started = yield from self._start(member)
        if started.nothing:
            self._progress = self._progress.nothing_to_do(member)
        elif started.held_by:
            self._progress = self._progress.held_by(member, started.held_by)
            if member.rollout_id in self._progress.reasons:
                return
            told = f"{member.scale_set.name} waits: rollout {started.held_by} has the scale set"
            self._journal.write(EventKind.WAITING, told, rolloutId=member.rollout_id)
            self._say(told)
            yield from self._ears.sleep_until(self._context.current_utc_datetime + TRY_AGAIN)
        else:
            self._progress = self._progress.began(member)
            told = f"{member.scale_set.name} begins ({self._order.rules.name})"
            evidence = {"rolloutId": member.rollout_id, "scaleSet": str(member.scale_set)}
            self._journal.write(EventKind.SCALE_SET_STARTED, told, **evidence)

    def _start(self, member: Member) -> Steps[MemberStart]:
        back = self._order.back
        if back:
            return (yield from self._members.send_back(member.rollout_id, self._order, back))
        return (yield from self._members.start(self._order.order_of(member)))

    def _look(self) -> Steps[None]:
        """What nobody has told us: who has ended, or is not there any more."""
        if not self._progress.running:
            return
        read = yield from self._members.read(self._progress.running)
        for ended in read.ended:
            self._note_end(ended)
        for rollout_id in read.missing:
            self._progress = self._progress.missing(rollout_id)

    def _bake(self) -> Steps[None]:
        """Watch the scale sets for a while; then they must still be healthy."""
        rules, progress = self._order.rules, self._progress
        failed = progress.failed > rules.max_failed_scale_sets
        if self._order.back or not rules.bake_after or failed or progress.control.ending:
            return
        until = self._context.current_utc_datetime + rules.bake_after
        told = f"Wave {rules.name} is watched for {spoken(rules.bake_after)}"
        self._journal.write(EventKind.BAKING, told, until=until)
        self._say(told)
        while (yield from self._ears.sleep_until(until)):
            if self._progress.control.ending:
                return
        for member in self._progress.done:
            yield from self._verify(member)

    def _verify(self, member: Member) -> Steps[None]:
        """One that is sick for a moment gets the time that a batch would get."""
        policy = self._order.policies[member.policy]
        until = self._context.current_utc_datetime + policy.health.timeout
        while True:
            task = ReadFleet(scale_set=member.scale_set, health=policy.health)
            fleet = yield from self._hands.read_fleet(task)
            sick = str(fleet) if isinstance(fleet, ArmError) else relapsed(policy, fleet)
            if sick is None:
                return
            if self._context.current_utc_datetime >= until or self._progress.control.ending:
                reason = f"after its bake, {member.scale_set.name} is not well: {sick}"
                self._progress = self._progress.halted(reason)
                return
            yield from self._hands.sleep(policy.health.interval)

    def _heard(self, said: Any) -> None:
        if command := command_of(said):
            self._progress = self._progress.told(command)
            self._to_pass_on.append(command)
            return
        try:
            ended = MemberEnded.from_json(said)
        except ValueError:
            return
        self._note_end(ended)

    def _note_end(self, ended: MemberEnded) -> None:
        before = self._progress
        self._progress = before.ended(ended)
        if self._progress == before:
            return
        told = f"{ended.rollout_id}: {ended.phase}. {ended.message}"
        evidence = {"rolloutId": ended.rollout_id, "phase": ended.phase}
        self._journal.write(EventKind.SCALE_SET_FINISHED, told, **evidence)

    def _pass_on(self) -> Steps[None]:
        """Every verb reaches the rollouts that are under way."""
        while self._to_pass_on:
            command = self._to_pass_on.pop(0)
            passed = {Verb.PAUSE, Verb.RESUME, Verb.ABORT, Verb.ROLLBACK}
            if command.verb in passed and self._progress.running:
                yield from self._members.tell(self._progress.running, command)

    def _message(self) -> str:
        cells, name = self._progress.cells, self._order.rules.name
        running = len(self._progress.running)
        notice = self._progress.control.notice(Phase.PROGRESSING)
        told = f"Wave {name}: {running} scale set(s) under way, {self._progress.waiting} waiting"
        return f"{told}, of {len(cells)}{f'. {notice}' if notice else ''}"

    def _say(self, message: str) -> None:
        now = self._context.current_utc_datetime
        self._journal.publish(self._progress.status(message, now).to_json())
