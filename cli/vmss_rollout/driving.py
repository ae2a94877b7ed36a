"""Keys for verbs, while a rollout is watched."""

from rich.text import Text

from vmss_rollout.command_error import CommandError
from vmss_rollout.events import printed
from vmss_rollout.paths import within
from vmss_rollout.session import Session
from vmss_rollout.values import text
from vmss_rollout.verb import send
from vmss_rollout.view import View

KEYS = {
    "a": "approve",
    "p": "pause",
    "r": "resume",
    "y": "retry",
    "s": "skip",
    "x": "abort",
    "b": "rollback",
}
EVENTS, LEAVE = "e", "q"
_LAST = 10


class Driver:
    """What the keys do to what is watched; `path` is that of its kind."""

    def __init__(self, session: Session, path: str) -> None:
        self._session = session
        self._path = path

    def keys(self, view: View) -> str:
        """What can be pressed now: only the verbs that the app takes."""
        verbs = [f"[{key}] {verb}" for key, verb in KEYS.items() if verb in view.verbs]
        return "  ".join([*verbs, f"[{EVENTS}] events", f"[{LEAVE}] leave"])

    def means(self, key: str, view: View) -> bool:
        """Whether the key does something now."""
        return key in {EVENTS, LEAVE} or KEYS.get(key) in view.verbs

    def press(self, key: str, view: View) -> bool:
        """Do what the key says; returns whether to go on watching."""
        if key == LEAVE:
            return False
        try:
            self._do(key, view)
        except CommandError as error:
            self._session.say(error.sentence, "red")
            if error.next_step:
                self._session.say(error.next_step)
        return True

    def _do(self, key: str, view: View) -> None:
        if key == EVENTS:
            events = self._session.client.listed(self._path + within(view.id, "events"))
            self._session.out.print(printed(events[-_LAST:]), "")
            return
        self._verb(KEYS[key], view)

    def _verb(self, verb: str, view: View) -> None:
        """Say what it would do, ask for the reason, and send it."""
        session = self._session
        assert session.ask is not None  # noqa: S101 - nobody presses keys without a keyboard
        session.out.print(Text(f"{verb}: {view.consequences.get(verb, '')}", "bold"))
        try:
            reason = session.ask(f"Why? (Enter to {verb} without a reason, Ctrl-C not to) ")
        except (KeyboardInterrupt, EOFError):
            session.say("Nothing was sent.")
            return
        body = {"id": view.id, "verbs": view.verbs}
        command = {"reason": reason.strip()} if reason.strip() else {}
        answer = send(session, self._path, body, verb, command)
        session.say(text(answer, "notice") or text(answer, "message"))
