"""Says a verb to a rollout, and what it will do: before it is sent, and as the app answers."""

from vmss_rollout.command_error import CommandError
from vmss_rollout.output import Format, write
from vmss_rollout.paths import FLEETS, within
from vmss_rollout.session import Session
from vmss_rollout.values import Json, part, text

_CONFLICT = 409
_ASKED = {"breakGlass": "Break glass for"}
"""Where the question does not begin with the verb."""


def say(
    session: Session,
    kind: str,
    body: Json,
    verb: str,
    command: Json,
    *,
    yes: bool,
    output: Format,
) -> None:
    """Send the verb to what `body` shows; `kind` is the path of its kind. Whoever sits at the
    keyboard is asked first, with what the app says that it would do.
    """
    would = text(part(body, "consequences"), verb)
    if session.ask and not yes and would:
        session.say(would)
        if not session.agreed(
            f"{_ASKED.get(verb, verb.capitalize())} {text(body, 'id')}?", yes=False
        ):
            session.say("Nothing was sent.")
            return
    answer = send(session, kind, body, verb, command)
    if output is not Format.TABLE:
        write(session, output, answer)
        return
    session.say(text(answer, "notice") or would or text(answer, "message"))
    session.say(f"See what comes of it: {_watch(kind)} {text(body, 'id')}", "dim")


def send(session: Session, kind: str, body: Json, verb: str, command: Json) -> Json:
    """POST …/{verb}. The app's refusal names the verbs that it takes now."""
    by = session.by(text(command, "by"))
    path = kind + within(text(body, "id"), verb)
    try:
        return session.client.post(path, command | ({"by": by} if by else {}))
    except CommandError as error:
        if error.status == _CONFLICT:
            error.next_step = f"Why: vmss-rollout why {text(body, 'id')}"
        raise


def _watch(kind: str) -> str:
    return "vmss-rollout fleet watch" if kind == FLEETS else "vmss-rollout watch"
