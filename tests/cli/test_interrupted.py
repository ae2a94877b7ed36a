"""Ctrl-C, Ctrl-D and no, at any moment: nothing is sent, or what was begun goes on."""

import pytest
from answers import Answer, answering
from command import Person

from vmss_rollout import exits

WEB = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/web"
URN = "a:b:c:1"
RUNNING = {
    "id": "web-1",
    "phase": "Progressing",
    "message": "Batch 1 of 2",
    "percent": 10,
    "startedAt": "2026-01-01T00:00:00Z",
}


def asked(person: Person, url: str, *words: str) -> tuple[int, list[str]]:
    """The exit code and what is said on standard error, with the app at that address."""
    person.environ["VMSS_ROLLOUT_APP"] = url
    done = person.says(*words)
    return done.code, done.err.splitlines()


@pytest.mark.parametrize("words", [["watch", "web-1"], ["events", "web-1", "-f"]])
@pytest.mark.parametrize("kind", [[], ["fleet"]])
def test_ctrl_c_says_that_the_rollout_goes_on(
    somebody: Person, kind: list[str], words: list[str]
) -> None:
    somebody.pressed = ["^C"]
    answers = [Answer(200, RUNNING), Answer(200, RUNNING), Answer(200, [])]
    with answering(*answers) as server:
        code, said = asked(somebody, server.url, *kind, *words)
    assert code == exits.INTERRUPTED
    assert said == [
        "You have left; web-1 goes on in the app.",
        f"Come back: vmss-rollout {' '.join([*kind, *words])}",
    ]


def test_ctrl_c_while_a_start_waits_says_how_to_come_back(somebody: Person) -> None:
    somebody.pressed = ["", "^C"]
    with answering(Answer(202, RUNNING), Answer(200, RUNNING)) as server:
        code, said = asked(somebody, server.url, "start", WEB, URN, "--wait")
    assert (code, said) == (
        130,
        ["You have left; web-1 goes on in the app.", "Come back: vmss-rollout watch web-1"],
    )


@pytest.mark.parametrize("words", [["plan", WEB, URN], ["list"], ["doctor"], ["show", "x"]])
def test_ctrl_c_while_a_busy_app_is_asked_again(somebody: Person, words: list[str]) -> None:
    somebody.pressed = ["^C"]
    with answering(Answer(503, {"title": "Busy"})) as server:
        code, said = asked(somebody, server.url, *words)
    assert (code, said[0]) == (130, "Interrupted. Rollouts go on in the app.")


@pytest.mark.parametrize("answer", ["^C", "^D", "", "no"])
@pytest.mark.parametrize("words", [["start", WEB, URN], ["abort", "web-1"]], ids=lambda it: it[0])
def test_whoever_does_not_say_yes_sends_nothing(
    somebody: Person, words: list[str], answer: str
) -> None:
    somebody.at_keyboard, somebody.answers = True, [answer]
    shown = RUNNING | {"consequences": {"abort": "It ends."}, "fingerprint": "f"}
    with answering(Answer(200, shown)) as server:
        somebody.environ["VMSS_ROLLOUT_APP"] = server.url
        done = somebody.says(*words)
        sent = [path for method, path, _ in server.asked if method == "POST"]
    assert done.code == (130 if answer == "^C" else 0)
    assert sent in ([], ["/api/rollouts/plan"])
    assert "othing was s" in done.out + done.err
