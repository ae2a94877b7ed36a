"""Starts what was asked for, and waits for its end if that was asked for, too."""

from vmss_rollout import exits
from vmss_rollout.output import Format, write
from vmss_rollout.paths import FLEETS
from vmss_rollout.session import Session
from vmss_rollout.values import Json, text
from vmss_rollout.watching import Kind, Watch


def launch(
    session: Session, path: str, request: Json, output: Format, *, wait: bool, keep_waiting: bool
) -> int:
    """Start it; returns the exit code."""
    answer = session.client.start(path, request)
    # Durable's own address has a key in it.
    answer.pop("statusQueryGetUri", None)
    kind = Kind.FLEET if path == FLEETS else Kind.ROLLOUT
    id_ = text(answer, "id")
    if wait:
        return Watch(session, kind, id_, output, keep_waiting=keep_waiting, driven=False).run()
    if output is not Format.TABLE:
        write(session, output, answer)
        return exits.SUCCEEDED
    session.say(f"Started {id_}: {text(answer, 'message')}")
    session.say(f"Watch it: {kind.command} {id_}", "dim")
    return exits.SUCCEEDED
