"""From what was typed to the report."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from rich.console import Console

from vmss_rollout import exits
from vmss_rollout.command_error import CommandError
from vmss_rollout.output import Format
from vmss_rollout.rehearsal.copied import reference
from vmss_rollout.rehearsal.faults import misfortunes
from vmss_rollout.rehearsal.process import rehearsed
from vmss_rollout.rehearsal.reading import Reading
from vmss_rollout.rehearsal.report import Report
from vmss_rollout.rehearsal.timings import Timings
from vmss_rollout.session import Session
from vmss_rollout.terminal.show import is_live, show_on
from vmss_rollout.values import Json, lines, number, part, text
from vmss_rollout.view import View


@dataclass(frozen=True)
class Wish:
    """What was typed of how it is to be played."""

    faults: list[str]
    approve: bool
    keep_waiting: bool


def report_of(
    session: Session,
    reading: Reading,
    times: Timings,
    wish: Wish,
    command: Callable[[str], str],
    output: Format,
) -> Report:
    """Rehearse it. `command` makes the words that start the plan of a fingerprint."""
    console = session.out if output is Format.TABLE else session.err
    order = _order(session, reading, times, wish, watched=is_live(console))
    answer = _played(session, console, order)
    if "refused" in answer:
        raise _refusal(answer)
    said = command(text(reading.plan, "fingerprint"))
    return Report(
        reading.copied, times, wish.faults, answer, reading.plan, said, reading.policy or {}
    )


def _order(
    session: Session, reading: Reading, times: Timings, wish: Wish, *, watched: bool
) -> Json:
    """As the other process takes it."""
    copied = reading.copied
    lengths = {
        "upgradeDuration": times.upgrade.takes.total_seconds(),
        "bootDuration": times.boot.takes.total_seconds(),
    }
    policy = {"policy": reading.policy} if reading.policy else {}
    return {
        "scaleSet": copied.spec | lengths,
        "target": reference(reading.image),
        "request": {"image": reading.image, **policy},
        "faults": [*copied.faults, *misfortunes(wish.faults, copied.ids)],
        "begins": session.now().isoformat(),
        "approve": wish.approve,
        "keepWaiting": wish.keep_waiting,
        "watched": watched,
    }


def _played(session: Session, console: Console, order: Json) -> Json:
    """On a terminal, one can watch it."""
    try:
        if not is_live(console):
            return rehearsed(session.environ, order, lambda _: None)
        with show_on(console) as show:
            return rehearsed(
                session.environ, order, lambda view: show.update(View.of_rollout(view))
            )
    except KeyboardInterrupt as interrupt:
        raise CommandError(
            "The rehearsal was interrupted: it has ended, and left nothing behind.",
            "",
            exits.INTERRUPTED,
        ) from interrupt


def _refusal(answer: Json) -> CommandError:
    """What the app says instead of starting it."""
    said = part(answer, "refused")
    wrong = [f"{text(error, 'path')}: {text(error, 'message')}" for error in lines(said, "errors")]
    sentence = "\n  ".join([text(said, "detail") or text(said, "title"), *wrong])
    conflict = number(answer, "status") == HTTPStatus.CONFLICT
    code = exits.REFUSED if conflict else exits.USAGE
    return CommandError(f"The app would refuse it. {sentence}", "", code)
