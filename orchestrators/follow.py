"""A gallery image is followed: version after version, never two at a time."""

from datetime import timedelta
from typing import Any

from orchestrators.context import Context, Steps
from orchestrators.ears import Ears
from orchestrators.hands import Hands
from orchestrators.journal import Journal
from rollout.event import EventKind
from rollout.fleet_order import FleetOrder
from rollout.follow_task import FindFollowers, FollowedImage, FollowOrder, FollowStatus
from rollout.following import Followed
from rollout.names import PUBLISHED, ROLL_OUT_FLEET
from rollout.phase import Phase
from rollout.problem import ArmError, ArmErrorKind
from rollout.publication import Publication
from rollout.record import FOLLOWED_INDEX_KEY

VERSIONS_HEARD = 100
FIRST_LOOK, LONGEST_LOOK = timedelta(minutes=1), timedelta(minutes=15)


def follow_image(context: Context) -> Steps[dict[str, Any]]:
    """The orchestration of one image definition: takes a FollowOrder, returns a FollowedImage. One
    instance per definition: Durable starts an id only once while it runs.
    """
    order = FollowOrder.from_json(context.get_input())
    result = yield from Following(context, order.publication).run()
    return result.to_json()


class Following:
    """One version on its way, and the newest that came after it."""

    def __init__(self, context: Context, publication: Publication) -> None:
        self._context = context
        self._publication = publication
        self._next: Publication | None = None
        self._queues = True
        self._journal = Journal(context, context.instance_id)
        self._ears = Ears(context, {PUBLISHED: VERSIONS_HEARD}, self._heard)
        self._hands = Hands(context, self._ears.wait)
        self._message = ""

    def run(self) -> Steps[FollowedImage]:
        """Until no newer version has come meanwhile. Those in between are dropped."""
        while True:
            self._say(f"Version {self._publication.version} was published")
            self._journal.write(
                EventKind.PUBLISHED, self._message, versionId=self._publication.version_id
            )
            result = yield from self._handled()
            self._journal.write(EventKind.HANDLED, result.message, version=result.version)
            self._list(result)
            if self._next is None or not self._queues:
                return result
            self._publication, self._next = self._next, None

    def _handled(self) -> Steps[FollowedImage]:
        followed = yield from self._usable()
        if isinstance(followed, str):
            return self._result(followed)
        for left in followed.left_out:
            told = f"{left.scale_set.name} is left out: {left.reason}"
            self._journal.write(EventKind.LEFT_OUT, told, scaleSet=str(left.scale_set))
        if followed.order is None:
            return self._result(f"Nothing is rolled: {followed.reason}")
        return (yield from self._rolled(followed.order))

    def _usable(self) -> Steps[Followed | str]:
        """Wait, but not for ever, until the version can be used where it is wanted; or why not. A
        newer one that comes meanwhile takes its place.
        """
        began, pause = self._context.current_utc_datetime, FIRST_LOOK
        patient = True
        while True:
            task = FindFollowers(version_id=self._publication.version_id, patient=patient)
            followed = yield from self._hands.find_followers(task)
            if isinstance(followed, ArmError):
                return _gone_or_unread(followed)
            self._queues = followed.queues
            if followed.decision != "wait":
                return followed
            if self._next and self._queues:
                return f"Version {self._next.version} came before this one was usable"
            self._say(f"Waiting for version {self._publication.version}: {followed.reason}")
            until = began + timedelta(seconds=followed.timeout_seconds)
            now = self._context.current_utc_datetime
            patient = now < until
            if patient:
                yield from self._ears.sleep_until(min(now + pause, until))
                pause = min(2 * pause, LONGEST_LOOK)

    def _rolled(self, order: FleetOrder) -> Steps[FollowedImage]:
        """The ordinary fleet rollout, under an id of its own."""
        self._say(f"Fleet rollout {order.id} rolls version {self._publication.version}")
        self._list(self._result(self._message, order.id, running=True))
        child = self._context.call_sub_orchestrator(ROLL_OUT_FLEET, order.to_json(), order.id)
        try:
            view = yield from self._ears.wait(child)
        except Exception as error:  # noqa: BLE001 - whoever ended it knows why
            message = f"Fleet rollout {order.id} was ended from outside: {error}"
            return self._result(message, order.id)
        message = f"Fleet rollout {order.id}: {Phase(view['phase'])}. {view['message']}"
        return self._result(message, order.id)

    def _result(
        self, message: str, fleet_id: str | None = None, *, running: bool = False
    ) -> FollowedImage:
        return FollowedImage(
            id=self._context.instance_id,
            definition=self._publication.definition,
            version=self._publication.version,
            message=message,
            fleet_rollout_id=fleet_id,
            rolled=fleet_id is not None,
            running=running,
        )

    def _heard(self, said: Any) -> None:
        """A version that is not newer changes nothing; it may say that this one is ready now."""
        try:
            told = Publication.from_json(said)
        except ValueError:
            return
        newest = self._next or self._publication
        if told.newer_than(newest.version):
            self._next = told
            self._journal.write(
                EventKind.PUBLISHED,
                f"Version {told.version} was published meanwhile",
                versionId=told.version_id,
            )
        self._say(self._message)

    def _say(self, message: str) -> None:
        self._message = message
        heard = (self._next or self._publication).version
        status = FollowStatus(version=self._publication.version, heard=heard, message=message)
        self._journal.publish(status.to_json())

    def _list(self, result: FollowedImage) -> None:
        self._journal.list_as(result, FOLLOWED_INDEX_KEY)


def _gone_or_unread(error: ArmError) -> str:
    if error.kind is ArmErrorKind.NOT_FOUND:
        return "Nothing is rolled: the version is not there any more"
    return f"Nothing is rolled: {error}"
