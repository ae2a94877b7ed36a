"""Answers that are none, and those of a newer version of the app."""

import pytest
from answers import Answer, answering
from command import Person

WEB = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/web"
RUNNING = {"id": "web-1", "phase": "Progressing", "message": "Batch 1 of 2", "percent": 10}


def asked(person: Person, url: str, *words: str) -> tuple[int, list[str]]:
    """The exit code and what is said on standard error, with the app at that address."""
    person.environ["VMSS_ROLLOUT_APP"] = url
    done = person.says(*words)
    return done.code, done.err.splitlines()


BODIES = ["<html>", "", "[1, 2]", "null", "7", '{"error": 1}', "[[]]", "[null]"]


@pytest.mark.parametrize("body", BODIES)
def test_a_list_that_is_none(somebody: Person, body: str) -> None:
    for words in (["list"], ["list", "-o", "json"], ["sets"], ["fleet", "list"], ["followed"]):
        with answering(Answer(200, body)) as server:
            code, said = asked(somebody, server.url, *words)
        assert code == 2
        assert said[0].endswith("does not answer like VMSS Rollout.")
        assert said[1].startswith("Is that the app's address?")


@pytest.mark.parametrize("body", ["<html>", "", "[]", "null", "7"])
@pytest.mark.parametrize(
    "words",
    [["show", "x"], ["watch", "x"], ["why", "x"], ["abort", "x"], ["fleet", "watch", "x"],
     ["plan", WEB, "a:b:c:1"]],
    ids=lambda words: "-".join(words[:2]),
)  # fmt: skip
def test_an_answer_that_is_none(somebody: Person, words: list[str], body: str) -> None:
    with answering(Answer(200, body)) as server:
        code, said = asked(somebody, server.url, *words)
    assert code == 2
    assert said[0].endswith("does not answer like VMSS Rollout.")


NEWER = RUNNING | {
    "phase": "Dreaming",
    "needs": {"what": "moon", "sentence": "It waits for the moon.", "colour": 7},
    "verbs": ["wake"],
    "consequences": {"wake": "It wakes."},
    "percent": 12.5,
    "counts": {"total": 4, "asleep": 4},
    "rows": [{"galaxy": "m31", "cells": "zzdp"}],
    "image": {"from": {"star": "x"}, "to": {"star": "y"}},
    "startedAt": "tomorrow",
    "eta": 5,
    "moods": [{"a": None}],
}
NEWER_EVENT = {
    "number": 1,
    "at": "tomorrow",
    "kind": "dreamt",
    "message": "A dream.",
    "evidence": 7,
}


@pytest.mark.parametrize(
    "words", [["list"], ["show", "x"], ["why", "x"], ["events", "x"], ["instances", "x"],
              ["fleet", "list"], ["fleet", "show", "x"], ["fleet", "sets", "x"],
              ["fleet", "why", "x"], ["sets"], ["followed"], ["wake", "x"]],
    ids="-".join,
)  # fmt: skip
def test_what_a_newer_app_says_is_shown_as_far_as_it_goes(
    somebody: Person, words: list[str]
) -> None:
    listed = words[0] in {"list", "sets", "followed"} or words[-1] == "list"
    answers = [Answer(200, [NEWER])] if listed else [Answer(200, NEWER), Answer(200, [NEWER_EVENT])]
    with answering(*answers) as server:
        code, said = asked(somebody, server.url, *words)
    assert code == (2 if words[0] == "wake" else 0), said


def test_a_watch_that_knows_no_verb_says_at_least_what_it_waits_for(somebody: Person) -> None:
    waits = RUNNING | {"needs": {"what": "approval", "sentence": "Say aye."}}
    with answering(Answer(200, waits)) as server:
        somebody.environ["VMSS_ROLLOUT_APP"] = server.url
        done = somebody.says("watch", "web-1")
    assert done.code == 5
    assert "It waits for somebody: Say aye." in done.out
