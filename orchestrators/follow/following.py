"""The version of an image that is handled, and what was published since."""

from datetime import timedelta
from typing import Any

from orchestrators.engine import (
    ActivityClient,
    CountedContext,
    ExternalEvents,
    Recorder,
    Steps,
    rest,
)
from orchestrators.follow.reading import delayed, ended_of, gone_or_unread, message_of, why_it_waits
from rollout.base import ArmError, ArmErrorKind, EventKind, Phase
from rollout.fleet import (
    MOST_FLEETS,
    READ_FLEET,
    ROLLOUT_ENDED,
    START_FLEET,
    FleetOrder,
    MembersRead,
    ReadFleet,
    StartFleet,
    fleet_id_of,
)
from rollout.follow import (
    FIND_FOLLOWERS,
    PUBLISHED,
    FindFollowers,
    Followed,
    FollowedImage,
    FollowOrder,
    FollowPlace,
    FollowState,
    FollowStatus,
    Publication,
)
from rollout.run import FOLLOWED_INDEX_KEY, Handover

VERSIONS_ACCEPTED = 100
_HEARD_IN_A_LIFE, _HANDLED_IN_A_LIFE = 50, 15
"""After so many versions it ends, and a new instance goes on: histories stay short, and a follower
never runs out of waits.
"""
_FIRST_LOOK, _LONGEST_LOOK = timedelta(minutes=1), timedelta(minutes=15)
_TRY_AGAIN, _LONGEST_PAUSE, _DOUBLINGS = timedelta(minutes=2), timedelta(minutes=15), 4
_ENDS_ACCEPTED = 20
"""How many notices of ends it hears; the others it finds by looking."""
_LONGEST_FLEET_LOOK = timedelta(hours=6)


class Following:
    """The version being handled, and what was published since."""

    def __init__(
        self, context: CountedContext, order: FollowOrder, handed: Handover | None
    ) -> None:
        self.context = self._context = context
        self._publication, self._queued = order.publication, order.queued
        place = FollowPlace.from_json(handed.place) if handed else FollowPlace()
        self._place, self._goes_on, self._queue = place, handed is not None, place.queue
        self._heard = self._handled_so_far = 0
        self._attempt = 1
        self._followed = Followed(decision="leave")
        written = handed.events if handed else order.events
        self._recorder = Recorder(context, context.instance_id, written=written)
        accepted = {PUBLISHED: VERSIONS_ACCEPTED, ROLLOUT_ENDED: _ENDS_ACCEPTED}
        heard = handed.heard if handed else []
        self.events = self._events = ExternalEvents(context, accepted, self._received, heard)
        self._activities = ActivityClient(context, self._events.wait)
        self._finding = ActivityClient(context, self._events.wait, self._delayed)
        self._message = place.message
        self._fleets_ended = {ended.rollout_id: ended for ended in place.ended}

    def handed_on(self, heard: list[Any]) -> dict[str, Any]:
        """The input of its next generation; `heard` is what came at the change."""
        ended = list(self._fleets_ended.values())
        now = {"queue": self._queue, "message": self._message, "ended": ended}
        place = self._place.model_copy(update=now)
        written = self._recorder.position[-1]
        handover = Handover.of({}, place, events=written, heard=heard)
        return handover.as_input(FollowOrder(publication=self._publication, queued=self._queued))

    def run(self) -> Steps[FollowedImage]:
        """Repeat until no newer version was published meanwhile; only the newest is handled."""
        self._events.listen()
        while True:
            if self._goes_on:
                self._report(self._message)
            else:
                self._announce()
            self._goes_on = False
            result = yield from self._handled()
            self._recorder.write(EventKind.HANDLED, result.message, version=result.version)
            following = self._following(result)
            if following and self._has_lived_long:
                result = FollowedImage.waiting(self._context.instance_id, following)
            self._list(result)
            if following is None or result.active:
                return result
            self._publication, self._queued, self._place = following, True, FollowPlace()

    def _announce(self) -> None:
        self._report(f"Version {self._publication.version} was published")
        self._recorder.write(
            EventKind.PUBLISHED, self._message, versionId=self._publication.version_id
        )
        self._list(FollowedImage.waiting(self._context.instance_id, self._publication))

    def _following(self, result: FollowedImage) -> Publication | None:
        """The version to handle next. One that was not heard of is only taken for one that had to
        wait meanwhile: a tag on an old version moves nobody.
        """
        self._handled_so_far += 1
        newer = self._followed.newer if self._queued and self._followed.order is None else None
        following, self._queue = self._queue.after(
            self._publication,
            rolled=result.state is FollowState.ROLLED,
            useless=self._followed.useless,
            newer=Publication.of(self._publication.definition, newer) if newer else None,
        )
        return following if self._followed.queues else None

    @property
    def _has_lived_long(self) -> bool:
        return self._heard >= _HEARD_IN_A_LIFE or self._handled_so_far >= _HANDLED_IN_A_LIFE

    def _handled(self) -> Steps[FollowedImage]:
        self._followed = Followed(decision="leave")
        if fleet_id := self._place.fleet_id or (yield from self._rolled_before()):
            return (yield from self._outcome(fleet_id))
        followed = yield from self._usable()
        if isinstance(followed, str):
            return self._result(followed)
        for left in [] if self._place.listed else followed.left_out:
            message = f"{left.scale_set.name} is left out: {left.reason}"
            self._recorder.write(EventKind.LEFT_OUT, message, scaleSet=str(left.scale_set))
        self._stands(listed=True)
        if followed.order is None:
            return self._result(f"Nothing is rolled: {followed.reason}")
        return (yield from self._rolled(followed.order))

    def _usable(self) -> Steps[Followed | str]:
        """Wait, for a limited time, until the version can be used where it is wanted; otherwise
        return why not. A newer version published meanwhile replaces it.
        """
        began, pause = self._place.waits_since or self._context.current_utc_datetime, _FIRST_LOOK
        self._stands(waits_since=began)
        wait_for_regions = True
        while True:
            task = FindFollowers(
                version_id=self._publication.version_id,
                wait_for_regions=wait_for_regions,
                attempt=self._attempt,
            )
            followed = yield from self._finding.call(FIND_FOLLOWERS, task)
            if isinstance(followed, ArmError):
                gone = followed.kind is ArmErrorKind.NOT_FOUND
                self._followed = Followed(decision="leave", useless=gone)
                return gone_or_unread(followed)
            self._followed = followed
            if followed.decision != "wait":
                return followed
            if self._queue.next and followed.queues:
                return f"Version {self._queue.next.version} came before this one was usable"
            self._report(f"Waiting for version {self._publication.version}: {followed.reason}")
            until = began + timedelta(seconds=followed.timeout_seconds)
            now = self._context.current_utc_datetime
            wait_for_regions = now < until
            if wait_for_regions:
                yield from self._events.sleep_until(min(now + pause, until))
                rest(self)
                pause = min(2 * pause, _LONGEST_LOOK)

    def _rolled(self, order: FleetOrder) -> Steps[FollowedImage]:
        """The ordinary fleet rollout, under an id of its own."""
        order = order.model_copy(update={"notify": self._context.instance_id})
        refused = yield from self._started(order)
        if refused:
            return self._result(f"Nothing is rolled: {refused}")
        return (yield from self._outcome(order.id))

    def _rolled_before(self) -> Steps[str | None]:
        """The fleet rollout of this version, if a follower that broke off has started it. One that
        moved nobody leaves the version as it was: it is rolled under the next id.
        """
        fleet_id = ""
        for attempt in range(1, MOST_FLEETS + 1):
            self._attempt = attempt
            named = self._publication
            fleet_id = fleet_id_of(named.version_id, named.version, attempt)
            read = yield from self._activities.ask(READ_FLEET, ReadFleet(fleet_id=fleet_id))
            if read.missing:
                return None
            if not read.untouched:
                break
        return fleet_id

    def _outcome(self, fleet_id: str) -> Steps[FollowedImage]:
        self._stands(fleet_id=fleet_id)
        self._report(f"Fleet rollout {fleet_id} rolls version {self._publication.version}")
        self._list(self._result(self._message, FollowState.ROLLING, fleet_id))
        ended = yield from self._ended(fleet_id)
        state = FollowState.NOT_ROLLED if ended.untouched else FollowState.ROLLED
        return self._result(f"Fleet rollout {fleet_id}: {message_of(ended)}", state, fleet_id)

    def _started(self, order: FleetOrder) -> Steps[str | None]:
        """Start it, as soon as no other fleet rollout has one of its scale sets and the line is not
        stopped; returns why it never can be.
        """
        tries = 0
        while True:
            task = StartFleet(order=order, tries=tries)
            started = yield from self._activities.ask(START_FLEET, task)
            if not (started.locked_by or started.stopped):
                return started.refused
            if self._queue.next and self._followed.queues:
                return f"version {self._queue.next.version} came before this one could begin"
            self._report(why_it_waits(started))
            pause = min(_TRY_AGAIN * 2 ** min(tries, _DOUBLINGS), _LONGEST_PAUSE)
            yield from self._events.sleep_until(self._context.current_utc_datetime + pause)
            rest(self)
            tries += not started.stopped

    def _ended(self, fleet_id: str) -> Steps[MembersRead]:
        """How the fleet rollout has ended. It notifies; in case it cannot, it is looked at too. One
        that failed is looked at for whether it has moved anybody.
        """
        look = _FIRST_LOOK
        while True:
            ended = self._fleets_ended.get(fleet_id)
            if ended and ended.phase is not Phase.FAILED:
                return MembersRead(ended=[ended])
            rest(self)
            until = self._context.current_utc_datetime + (_FIRST_LOOK if ended else look)
            if (yield from self._events.sleep_until(until)):
                continue
            read = yield from self._activities.ask(READ_FLEET, ReadFleet(fleet_id=fleet_id))
            if read.missing or read.ended:
                return read
            look = min(2 * look, _LONGEST_FLEET_LOOK)

    def _stands(self, **where: Any) -> None:
        self._place = self._place.model_copy(update=where)

    def _result(
        self,
        message: str,
        state: FollowState = FollowState.NOT_ROLLED,
        fleet_id: str | None = None,
    ) -> FollowedImage:
        return FollowedImage(
            id=self._context.instance_id,
            definition=self._publication.definition,
            version=self._publication.version,
            message=message,
            state=state,
            fleet_rollout_id=fleet_id,
        )

    def _received(self, value: Any) -> None:
        """A version that is not newer changes nothing."""
        if ended := ended_of(value):
            self._fleets_ended[ended.rollout_id] = ended
            return
        try:
            published = Publication.from_json(value)
        except ValueError:
            return
        self._heard += 1
        if queue := self._queue.heard(published, self._publication):
            self._queue = queue
            self._recorder.write(
                EventKind.PUBLISHED,
                f"Version {published.version} was published meanwhile",
                versionId=published.version_id,
            )
        self._report(self._message)

    def _delayed(self, error: ArmError, delay: timedelta) -> None:
        self._report(delayed(self._publication.version, error, delay))

    def _report(self, message: str) -> None:
        self._message = message
        newest = (self._queue.next or self._publication).version
        status = FollowStatus(
            version=self._publication.version,
            newest=newest,
            message=message,
            full=self._heard >= VERSIONS_ACCEPTED,
        )
        self._recorder.publish(status.to_json)

    def _list(self, result: FollowedImage) -> None:
        self._recorder.put_in_list(result, FOLLOWED_INDEX_KEY)
