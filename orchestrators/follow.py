"""Follows a gallery image: version after version, never two at a time."""

from datetime import timedelta
from typing import Any

from orchestrators.engine import ActivityClient, Context, ExternalEvents, Recorder, Steps
from rollout.base import ArmError, ArmErrorKind, EventKind, Phase
from rollout.fleet import ROLL_OUT_FLEET, FleetOrder
from rollout.follow import (
    FIND_FOLLOWERS,
    PUBLISHED,
    FindFollowers,
    Followed,
    FollowedImage,
    FollowOrder,
    FollowState,
    FollowStatus,
    Publication,
)
from rollout.run import FOLLOWED_INDEX_KEY

VERSIONS_ACCEPTED = 100
_FIRST_LOOK, _LONGEST_LOOK = timedelta(minutes=1), timedelta(minutes=15)


def follow_image(context: Context) -> Steps[dict[str, Any]]:
    """The orchestrator of one image definition: takes a FollowOrder, returns a FollowedImage. One
    instance per definition: Durable starts an id only once while it is running.
    """
    order = FollowOrder.from_json(context.get_input())
    result = yield from Following(context, order.publication).run()
    return result.to_json()


class Following:
    """The version being handled, and the newest one published since."""

    def __init__(self, context: Context, publication: Publication) -> None:
        self._context = context
        self._publication = publication
        self._next: Publication | None = None
        self._queues = True
        self._recorder = Recorder(context, context.instance_id)
        self._events = ExternalEvents(context, {PUBLISHED: VERSIONS_ACCEPTED}, self._received)
        self._activities = ActivityClient(context, self._events.wait)
        self._message = ""

    def run(self) -> Steps[FollowedImage]:
        """Repeat until no newer version was published meanwhile; only the newest is handled."""
        while True:
            self._report(f"Version {self._publication.version} was published")
            self._recorder.write(
                EventKind.PUBLISHED, self._message, versionId=self._publication.version_id
            )
            result = yield from self._handled()
            self._recorder.write(EventKind.HANDLED, result.message, version=result.version)
            self._list(result)
            if self._next is None or not self._queues:
                return result
            self._publication, self._next = self._next, None

    def _handled(self) -> Steps[FollowedImage]:
        followed = yield from self._usable()
        if isinstance(followed, str):
            return self._result(followed)
        for left in followed.left_out:
            message = f"{left.scale_set.name} is left out: {left.reason}"
            self._recorder.write(EventKind.LEFT_OUT, message, scaleSet=str(left.scale_set))
        if followed.order is None:
            return self._result(f"Nothing is rolled: {followed.reason}")
        return (yield from self._rolled(followed.order))

    def _usable(self) -> Steps[Followed | str]:
        """Wait, for a limited time, until the version can be used where it is wanted; otherwise
        return why not. A newer version published meanwhile replaces it.
        """
        began, pause = self._context.current_utc_datetime, _FIRST_LOOK
        wait_for_regions = True
        while True:
            task = FindFollowers(
                version_id=self._publication.version_id, wait_for_regions=wait_for_regions
            )
            followed = yield from self._activities.call(FIND_FOLLOWERS, task)
            if isinstance(followed, ArmError):
                return _gone_or_unread(followed)
            self._queues = followed.queues
            if followed.decision != "wait":
                return followed
            if self._next and self._queues:
                return f"Version {self._next.version} came before this one was usable"
            self._report(f"Waiting for version {self._publication.version}: {followed.reason}")
            until = began + timedelta(seconds=followed.timeout_seconds)
            now = self._context.current_utc_datetime
            wait_for_regions = now < until
            if wait_for_regions:
                yield from self._events.sleep_until(min(now + pause, until))
                pause = min(2 * pause, _LONGEST_LOOK)

    def _rolled(self, order: FleetOrder) -> Steps[FollowedImage]:
        """The ordinary fleet rollout, under an id of its own."""
        self._report(f"Fleet rollout {order.id} rolls version {self._publication.version}")
        self._list(self._result(self._message, FollowState.ROLLING, order.id))
        child = self._context.call_sub_orchestrator(ROLL_OUT_FLEET, order.to_json(), order.id)
        try:
            view = yield from self._events.wait(child)
        except Exception as error:  # noqa: BLE001 - terminated or failed: reported below
            message = f"Fleet rollout {order.id} was ended from outside: {error}"
            return self._result(message, FollowState.ROLLED, order.id)
        message = f"Fleet rollout {order.id}: {Phase(view['phase'])}. {view['message']}"
        return self._result(message, FollowState.ROLLED, order.id)

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
        """A version that is not newer changes nothing; but this one may be usable now."""
        try:
            published = Publication.from_json(value)
        except ValueError:
            return
        newest = self._next or self._publication
        if published.newer_than(newest.version):
            self._next = published
            self._recorder.write(
                EventKind.PUBLISHED,
                f"Version {published.version} was published meanwhile",
                versionId=published.version_id,
            )
        self._report(self._message)

    def _report(self, message: str) -> None:
        self._message = message
        newest = (self._next or self._publication).version
        status = FollowStatus(version=self._publication.version, newest=newest, message=message)
        self._recorder.publish(status.to_json())

    def _list(self, result: FollowedImage) -> None:
        self._recorder.put_in_list(result, FOLLOWED_INDEX_KEY)


def _gone_or_unread(error: ArmError) -> str:
    if error.kind is ArmErrorKind.NOT_FOUND:
        return "Nothing is rolled: the version no longer exists"
    return f"Nothing is rolled: {error}"
