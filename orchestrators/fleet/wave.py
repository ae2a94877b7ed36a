"""One wave of a fleet rollout: its scale sets, a few at a time, then its bake and a last look."""

from datetime import timedelta
from typing import Any

from orchestrators.engine import (
    ActivityClient,
    Context,
    CountedContext,
    GoesOnAsNew,
    Steps,
    go_on_as_new,
    rest,
)
from orchestrators.fleet.stray import why_wave_is_refused
from orchestrators.fleet.wave_check import WaveCheck
from orchestrators.fleet.wave_run import FIRST_LOOK, WaveRun
from rollout.base import EventKind, LineStop
from rollout.fleet import (
    READ_MEMBERS,
    ROLL_BACK_MEMBER,
    SEND_COMMAND,
    START_MEMBER,
    FleetMember,
    MembersRead,
    MemberStart,
    ReadMembers,
    RollBackMember,
    SendCommand,
    StartMember,
    WaveOrder,
    WaveOutcome,
    WavePlace,
)
from rollout.run import Command, Handover, Verb

_LONGEST_LOOK = timedelta(hours=6)
"""A rollout notifies its wave when it has ended. In case it cannot, the wave also polls."""
_FIRST_LOOK_AFTER_AN_END = timedelta(minutes=2)
"""Durable drops an event whose worker dies: a rollout that has not heard the end is told again."""
BETWEEN_LINE_LOOKS = timedelta(minutes=1)
"""While the line is stopped."""
_PASSED_ON = {Verb.PAUSE, Verb.RESUME, Verb.ABORT, Verb.ROLLBACK, Verb.BREAK_GLASS}


def roll_out_wave(context: Context) -> Steps[dict[str, Any]]:
    """The sub-orchestrator of one wave: takes a WaveOrder, returns a WaveOutcome. With many scale
    sets, verbs or looks it goes on as new, where nothing of it is open.
    """
    given = context.get_input()
    order, handed = WaveOrder.from_json(given), Handover.of_input(given)
    run = WaveRun(CountedContext(context), order, handed)
    if handed:
        run.publish()  # what Durable has of an earlier generation ends with the next turn
    if reason := (yield from why_wave_is_refused(run)):
        return WaveOutcome(cells="", halt=reason).to_json()
    run.events.listen()
    try:
        outcome = yield from WaveStory(run).outcome()
    except GoesOnAsNew:
        return (yield from go_on_as_new(run))
    return outcome.to_json()


class WaveStory:
    """A wave starts rollouts as orchestrations of their own, each under the lock of its scale set,
    and is notified when each has ended.
    """

    def __init__(self, run: WaveRun) -> None:
        self._run = run
        self._activities = ActivityClient(run.context, run.events.wait)

    def outcome(self) -> Steps[WaveOutcome]:
        """Until every scale set is done, or nothing more may begin and nothing is running."""
        run = self._run
        if run.order.taken_up and not run.handed:
            yield from self._take_up()
        while not run.progress.through(run.now):
            yield from self._pass_on()
            rest(run)
            if member := run.progress.next_member(run.now):
                yield from self._start(member)
                run.place = WavePlace(look=FIRST_LOOK)
                continue
            yield from self._watched()
        yield from self._pass_on()
        yield from WaveCheck(run, self._activities).done()
        run.report_state()
        return run.progress.outcome()

    def _watched(self) -> Steps[None]:
        """Until something is heard, or it is time to look, or to try again."""
        run = self._run
        run.report_state()
        due = run.now + run.place.look
        again = run.progress.next_try(run.now)
        heard = yield from run.events.sleep_until(min(due, again or due))
        if not heard and run.now >= due:
            yield from self._look()
            run.place = WavePlace(look=min(2 * run.place.look, _LONGEST_LOOK))
            if ending := run.progress.control.ending:
                yield from self._tell(ending.for_any_step())

    def _start(self, member: FleetMember) -> Steps[None]:
        """Start the rollout of one more scale set; if another rollout has the lock, others begin.
        A command that the fleet rollout received between two waves is noticed here.
        """
        run = self._run
        started = yield from self._asked_to_start(member)
        if started.command:
            yield from self._held_up(started.command)
        elif started.stopped:
            yield from self._line_stopped(started.stopped)
        elif started.nothing:
            run.progress = run.progress.member_needs_nothing(member)
        elif started.locked_by:
            self._locked(member, started.locked_by)
        elif started.refused:
            run.progress = run.progress.member_refused(member, started.refused)
        else:
            run.progress = run.progress.member_started(member)
            message = f"{member.scale_set.name} begins ({run.order.rules.name})"
            evidence = {"rolloutId": member.rollout_id, "scaleSet": str(member.scale_set)}
            run.recorder.write(EventKind.SCALE_SET_STARTED, message, **evidence)
            if started.found:
                yield from self._look()

    def _held_up(self, command: Command) -> Steps[None]:
        """The fleet rollout is to end, or is paused. A pause is asked for again, because it may be
        over before this wave hears of it: a resume wakes it up at once, if it comes later.
        """
        run = self._run
        if command.verb.ends:
            run.receive(command)
        if run.progress.control.ending:
            return
        run.report(f"Wave {run.order.rules.name}: paused {command.attribution}")
        yield from run.events.sleep_until(run.now + FIRST_LOOK)

    def _line_stopped(self, stop: LineStop) -> Steps[None]:
        """Nothing begins in the whole app; what is under way is heard of all the same."""
        run = self._run
        message = f"Wave {run.order.rules.name}: nothing begins: {stop.message}"
        if message != run.progress.message:
            run.recorder.write(EventKind.WAITING, message)
        run.report(message)
        yield from run.events.sleep_until(run.now + BETWEEN_LINE_LOOKS)

    def _locked(self, member: FleetMember, other: str) -> None:
        run = self._run
        before = run.progress.held.get(member.rollout_id)
        run.progress = run.progress.member_locked(member, other, run.now)
        held = run.progress.held.get(member.rollout_id)
        if held and (before is None or before.by != held.by):
            message = held.message(member)
            run.recorder.write(EventKind.WAITING, message, rolloutId=member.rollout_id)

    def _asked_to_start(self, member: FleetMember) -> Steps[MemberStart]:
        order = self._run.order
        tries = self._run.progress.tries(member)
        if command := order.rollback:
            task = RollBackMember(
                rollout_id=member.rollout_id,
                member_of=order.membership,
                wave=order.instance_id,
                command=command,
                tries=tries,
            )
            return (yield from self._activities.ask(ROLL_BACK_MEMBER, task))
        glass = self._run.progress.control.glass
        start = StartMember(order=order.order_of(member, glass), tries=tries)
        return (yield from self._activities.ask(START_MEMBER, start))

    def _take_up(self) -> Steps[None]:
        """Find the rollouts that were started before it broke off, and tell them what they may not
        have heard.
        """
        run = self._run
        members = run.order.members
        read = yield from self._read([member.rollout_id for member in members])
        for member in members:
            if member.rollout_id not in read.missing:
                run.progress = run.progress.member_started(member)
        for command in run.order.commands:
            run.receive(command)
        self._note(read)

    def _look(self) -> Steps[None]:
        """Find rollouts that have ended, or disappeared, without a notification."""
        run = self._run
        if not run.progress.running:
            return
        members = yield from self._read(run.progress.running)
        for rollout_id in members.missing:
            run.progress = run.progress.rollout_missing(rollout_id)
        self._note(members)

    def _read(self, rollout_ids: list[str]) -> Steps[MembersRead]:
        order = self._run.order
        task = ReadMembers(
            rollout_ids=rollout_ids,
            member_of=order.membership,
            wave=order.instance_id,
            rolling_back=bool(order.rollback),
        )
        return (yield from self._activities.ask(READ_MEMBERS, task))

    def _note(self, members: MembersRead) -> None:
        for ended in members.ended:
            self._run.note_end(ended)
        if members.command and members.command.verb.ends:
            self._run.receive(members.command)
        if members.glass:
            self._run.receive(members.glass)

    def _pass_on(self) -> Steps[None]:
        """Forward every verb to the rollouts that are under way."""
        run = self._run
        while run.to_pass_on:
            command = run.to_pass_on.pop(0)
            if command.verb.ends:
                run.place = WavePlace(look=_FIRST_LOOK_AFTER_AN_END)
            if command.verb in _PASSED_ON:
                yield from self._tell(command)

    def _tell(self, command: Command) -> Steps[None]:
        """Tell it those that are under way; one that has heard it does not accept it any more."""
        running, own = self._run.progress.running, self._run.order.membership
        if running:
            task = SendCommand(rollout_ids=running, member_of=own, command=command)
            yield from self._activities.ask(SEND_COMMAND, task)
