"""Watches a rollout or a fleet rollout to its end, through restarts and lost connections."""

from enum import Enum

from vmss_rollout import exits
from vmss_rollout.command_error import NOT_FOUND, CommandError, left, vanished
from vmss_rollout.driving import Driver
from vmss_rollout.output import Format, write
from vmss_rollout.pace import Pace
from vmss_rollout.paths import FLEETS, ROLLOUTS, within
from vmss_rollout.session import Session
from vmss_rollout.terminal.show import Show, is_live, show_on
from vmss_rollout.values import Json
from vmss_rollout.view import View

_SURE = 10.0
"""Seconds that it must have waited for somebody: what was said to it may not have arrived yet."""


class Kind(Enum):
    """What is watched: its path, and the command that watches it."""

    ROLLOUT = ROLLOUTS, "vmss-rollout watch"
    FLEET = FLEETS, "vmss-rollout fleet watch"

    @property
    def path(self) -> str:
        return self.value[0]

    @property
    def command(self) -> str:
        return self.value[1]

    def view(self, body: Json) -> View:
        return View.of_fleet(body) if self is Kind.FLEET else View.of_rollout(body)


class Watch:
    """One watch. `driven`: keys are verbs, where somebody is at the keyboard. `keep_waiting`: it
    goes on when the rollout waits for somebody; else it ends then, but for a driven one.
    """

    def __init__(
        self,
        session: Session,
        kind: Kind,
        id_: str,
        output: Format,
        *,
        keep_waiting: bool,
        driven: bool,
    ) -> None:
        self._session = session
        self._kind = kind
        self._id = id_
        self._output = output
        console = session.out if output is Format.TABLE else session.err
        driven = driven and session.ask is not None and is_live(console)
        self._driver = Driver(session, kind.path) if driven else None
        self._keep_waiting = keep_waiting or driven
        self._console = console
        self._etag = ""
        self._body: Json = {}

    def run(self) -> int:
        """Watch; returns the exit code."""
        try:
            view = self._to_the_end()
        except KeyboardInterrupt as interrupt:
            raise self._left() from interrupt
        if view is None:
            raise self._left()
        if self._output is not Format.TABLE:
            write(self._session, self._output, self._body)
        if view.ended:
            return exits.of_phase(view.phase)
        self._say_who_is_waited_for(view)
        return exits.WAITS

    def _say_who_is_waited_for(self, view: View) -> None:
        need = view.need.sentence if view.need else view.message
        command = self._kind.command.removesuffix("watch")
        self._console.print(f"It waits for somebody: {need}")
        if view.verbs:
            such = f"{command}{view.verbs[0]} {self._id}"
            self._console.print(f"It takes: {', '.join(view.verbs)}.")
            self._console.print(f"Such as: {such}")
        self._console.print(f"Come back: {self._kind.command} {self._id}", style="dim")

    def _to_the_end(self) -> View | None:
        """The last view; None if somebody pressed the key to leave."""
        while True:
            with show_on(self._console) as show:
                key, view = self._until_key(show)
            if key == "":
                return view
            if self._driver is None or not self._driver.press(key, view):
                return None
            self._etag = ""

    def _until_key(self, show: Show) -> tuple[str, View]:
        """Look again and again, until it has ended, waits for somebody, or a key means something;
        and the last view.
        """
        pace, waited = Pace(), 0.0
        while True:
            view, moved = self._look(show)
            if view is None:
                self._session.pause(pace.after_trouble())
                continue
            if moved:
                show.update(view, self._driver.keys(view) if self._driver else "")
            if view.ended or (waited >= _SURE and not self._keep_waiting):
                return "", view
            wait = pace.after(moved=moved)
            waited = waited + wait if view.waits else 0.0
            key = self._session.pause(wait)
            if self._driver and self._driver.means(key, view):
                return key, view

    def _look(self, show: Show) -> tuple[View | None, bool]:
        """What there is to see, and whether it has moved; None if nobody can see anything now."""
        try:
            body, self._etag = self._session.client.look(
                self._kind.path + within(self._id), self._etag
            )
        except CommandError as error:
            if error.status == NOT_FOUND and self._body:
                raise vanished(self._id) from error
            if not error.passing:
                raise
            show.trouble(f"{error.sentence} Looking again until it is back.")
            self._etag = ""
            return None, False
        moved = body is not None
        self._body = body if body is not None else self._body
        return self._kind.view(self._body), moved

    def _left(self) -> CommandError:
        return left(self._id, f"{self._kind.command} {self._id}")
