"""What `watch` draws on a terminal, each picture of it, with the keys that can be pressed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from answers import LOST, Answer, answering
from command import Done, Person
from screens import SCREENS, hold

type Json = dict[str, Any]
type Body = Callable[..., Json]

ASKED = {"what": "approval", "sentence": "Batch 2 waits for approval until 14:00."}
WOULD = {"approve": "Batch 2 begins: 4 instances.", "abort": "It ends: nothing is put back."}
URL = "http://127.0.0.1:7071"


def begun(body: Body) -> Json:
    verbs = ["pause", "abort", "rollback"]
    return body("Progressing", "Batch 1 of 5: 2 upgrading", ["uucs", *["pppp"] * 4], verbs=verbs)


def asking(body: Body) -> Json:
    rows = ["dddd", *["pppp"] * 4]
    more = {"needs": ASKED, "verbs": ["approve", "abort"], "consequences": WOULD}
    return body("AwaitingApproval", "Batch 2 of 5 waits for approval", rows, minutes=9, **more)


def told(body: Body) -> Json:
    return asking(body) | {"notice": "Approved by ann (change 4711)."}


def done(body: Body) -> Json:
    return body("Succeeded", "All are healthy.", ["dddd"] * 5, minutes=17)


def waves(phase: str, *cells: str, **more: Any) -> Json:
    named = zip(("first", "rest"), cells, strict=True)
    rows = [{"name": name, "cells": row} for name, row in named]
    both = {"id": "web-1", "phase": phase, "waves": rows, "startedAt": "2026-01-01T12:00:00Z"}
    return both | {"message": "Wave 1", "updatedAt": "2026-01-01T12:07:00Z", "percent": 40} | more


ENDS = {"finishedAt": "2026-01-01T12:30:00Z", "percent": 100, "message": "Both waves are done."}


@dataclass(frozen=True)
class Watch:
    """What the app answers, one look after another, and what is pressed and typed between them."""

    answers: Callable[[Body], list[Json]]
    pressed: list[str] = field(default_factory=list[str])
    typed: list[str] = field(default_factory=list[str])
    words: tuple[str, ...] = ("watch", "web-1")
    code: int = 0


WATCHES = {
    "watch": Watch(lambda it: [begun(it), begun(it), done(it)]),
    "watch-a-verb": Watch(
        lambda it: [asking(it), asking(it), told(it), done(it)], ["a"], ["change 4711"]
    ),
    "watch-and-leave": Watch(lambda it: [begun(it), begun(it)], ["q"], code=130),
    "watch-without-an-answer": Watch(lambda it: [begun(it), begun(it), {}, done(it)]),
    "fleet-watch": Watch(
        lambda _: [
            waves("Progressing", "du", "pp"),
            waves("Progressing", "du", "pp"),
            waves("Succeeded", "dd", "dd", **ENDS),
        ],
        words=("fleet", "watch", "web-1"),
    ),
}


@pytest.mark.parametrize(("name", "watch"), WATCHES.items(), ids=WATCHES)
def test_a_live_screen_is_as_it_was(name: str, watch: Watch, body: Body, tmp_path: Path) -> None:
    answers = [Answer(200, view) if view else LOST for view in watch.answers(body)]

    def draw(width: int, colour: bool) -> Done:  # noqa: FBT001 - as `hold` calls it
        with answering(*answers) as server:
            person = Person(
                {"VMSS_ROLLOUT_APP": server.url, "TERM": "xterm"},
                tmp_path / "config.yaml",
                width=width,
                colour=colour,
                live=True,
                at_keyboard=True,
                pressed=list(watch.pressed),
                answers=list(watch.typed),
            )
            drawn = person.says(*watch.words)
        assert drawn.code == watch.code
        return Done(drawn.code, *(part.replace(server.url, URL) for part in (drawn.out, drawn.err)))

    hold(f"live/{name}", draw)


def test_every_live_screen_is_drawn() -> None:
    assert {file.stem for file in (SCREENS / "live").iterdir()} == set(WATCHES)
