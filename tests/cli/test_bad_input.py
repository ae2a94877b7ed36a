"""Whatever is wrong: a plain sentence, the next step, the right exit code, never a stack trace."""

import json
from pathlib import Path

import pytest
from answers import LOST, Answer, answering
from command import Person
from story import NEW, System

KEY = "s3cret-key"
URN = "a:b:c:1"
WEB = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/web"
EVENT = {"number": 1, "message": "A dream."}
RUNNING = {
    "id": "web-1",
    "phase": "Progressing",
    "message": "Batch 1 of 2",
    "percent": 10,
    "startedAt": "2026-01-01T00:00:00Z",
    "updatedAt": "2026-01-01T00:01:00Z",
    "finishedAt": None,
    "verbs": ["abort"],
}
ENDED = RUNNING | {
    "phase": "Succeeded",
    "message": "All are healthy.",
    "percent": 100,
    "finishedAt": "2026-01-01T00:05:00Z",
}


def asked(person: Person, url: str, *words: str) -> tuple[int, list[str]]:
    """The exit code and what is said on standard error, with the app at that address."""
    person.environ["VMSS_ROLLOUT_APP"] = url
    done = person.says(*words)
    assert "Traceback" not in done.err + done.out
    return done.code, done.err.splitlines()


def test_without_an_app(somebody: Person) -> None:
    done = somebody.says("list")
    assert done.code == 2
    first, second, *_ = done.err.splitlines()
    assert first == "No app is configured."
    assert second.startswith("Say which: vmss-rollout context add prod")


@pytest.mark.parametrize("url", ["nonsense://x", "http://", "https://user@host"])
def test_what_is_no_address(somebody: Person, url: str) -> None:
    code, said = asked(somebody, url, "list")
    assert code == 2
    assert said[0] == f"'{url}' is not the address of an app."


def test_a_wrong_key_is_refused_and_not_shown(somebody: Person) -> None:
    somebody.environ["VMSS_ROLLOUT_KEY"] = KEY
    with answering(Answer(401, "")) as server:
        code, said = asked(somebody, server.url, "list")
        assert server.asked[0][2]["x-functions-key"] == KEY
    assert code == 6
    assert said[0] == f"{server.url} does not know who calls."
    assert "vmss-rollout context key" in " ".join(said)
    assert KEY not in " ".join(said)


def test_a_missing_right_is_said_as_the_app_says_it(somebody: Person) -> None:
    problem = {"title": "Forbidden", "detail": "ann may not approve.", "status": 403}
    with answering(Answer(403, problem)) as server:
        code, said = asked(somebody, server.url, "list")
    assert (code, said[0]) == (6, "ann may not approve.")


def test_no_connection(somebody: Person) -> None:
    with answering(Answer()) as server:
        pass
    code, said = asked(somebody, server.url, "list")
    assert code == 1
    assert said[0] == f"No connection to {server.url}: Connection refused."


def test_an_app_that_is_another(somebody: Person) -> None:
    with answering(Answer(200, "<html>")) as server:
        code, said = asked(somebody, server.url, "list")
    assert code == 2
    assert said[0].endswith("does not answer like VMSS Rollout.")


def test_a_read_is_tried_again_and_a_verb_is_not(somebody: Person) -> None:
    somebody.environ["VMSS_ROLLOUT_APP"] = ""
    with answering(LOST, Answer(503, {"title": "Busy"}), Answer(200, [])) as server:
        code, _ = asked(somebody, server.url, "list")
        assert (code, len(server.asked)) == (0, 3)
    with answering(Answer(200, RUNNING), LOST) as server:
        code, said = asked(somebody, server.url, "abort", "web-1")
        assert [method for method, *_ in server.asked] == ["GET", "POST"]
    assert code == 1
    assert "It may have heard it." in said[0]


def test_a_lost_connection_is_waited_for(somebody: Person) -> None:
    down = Answer(503, {"title": "The app is starting"})
    views = [Answer(200, RUNNING), Answer(200, RUNNING)]
    with answering(*views, LOST, LOST, down, Answer(200, ENDED)) as server:
        somebody.environ["VMSS_ROLLOUT_APP"] = server.url
        done = somebody.says("watch", "web-1")
    assert done.code == 0
    assert "Looking again until it is back." in done.out
    assert "✓ Succeeded  100 %" in done.out


def test_a_rollout_that_vanishes_while_it_is_watched(somebody: Person) -> None:
    gone = Answer(404, {"title": "Not Found", "detail": "There is no rollout 'web-1'."})
    with answering(Answer(200, RUNNING), Answer(200, RUNNING), gone) as server:
        code, said = asked(somebody, server.url, "watch", "web-1")
    assert code == 1
    assert said[0] == ("web-1 is not there any more: somebody has purged it while it was watched.")


def test_a_plan_that_is_lost_is_asked_for_again(somebody: Person) -> None:
    with answering(LOST, Answer(200, {"fingerprint": "f"})) as server:
        code, _ = asked(somebody, server.url, "plan", WEB, URN)
        assert [method for method, *_ in server.asked] == ["POST", "POST"]
    assert code == 0
    with answering(LOST) as server:
        code, said = asked(somebody, server.url, "plan", WEB, URN)
    assert code == 1
    assert "It may have heard it" not in said[0]


def test_a_rollout_that_vanishes_while_its_events_are_followed(somebody: Person) -> None:
    gone = Answer(404, {"title": "Not Found", "detail": "There is no rollout 'web-1'."})
    events = Answer(200, [EVENT])
    with answering(Answer(200, RUNNING), Answer(200, RUNNING), events, gone) as server:
        code, said = asked(somebody, server.url, "events", "web-1", "-f")
    assert code == 1
    assert said[0].startswith("web-1 is not there any more")


def test_what_waits_for_something_unknown_is_waited_for(somebody: Person) -> None:
    need = {"what": "moon", "sentence": "It waits for the moon."}
    dreaming = RUNNING | {"phase": "Dreaming", "needs": need, "verbs": ["wake"]}
    with answering(*[Answer(200, dreaming)] * 9, Answer(200, ENDED)) as server:
        somebody.environ["VMSS_ROLLOUT_APP"] = server.url
        assert somebody.says("watch", "web-1").code == 0


def test_an_id_of_another_kind(system: System, person: Person) -> None:
    (scale_set,) = system.small(1)
    waves = [{"name": "all", "scaleSets": [scale_set]}]
    assert system.start_fleet(waves, id="kind").status_code == 202
    done = person.says("pause", "kind")
    assert done.code == 2
    assert done.err.splitlines() == [
        "'kind' is a fleet rollout.",
        "It has its own commands: vmss-rollout fleet show kind",
    ]
    system.finish_fleet("kind")


def test_a_name_that_several_have(system: System, person: Person) -> None:
    for group in ("east", "north"):
        system.scale_set(name="twin", resourceGroup=group, capacity=2, updateDomains=2)
    person.width = 200
    done = person.says("plan", "twin", NEW)
    assert done.code == 2
    said = "'twin' may mean east/twin or north/twin."
    assert done.err.splitlines()[0].casefold() == said
    assert person.says("plan", "east/twin", NEW).code == 0
    for group in ("east", "north"):
        person.says("start", f"{group}/twin", NEW, "--id", f"{group}-1", "--wait")
    done = person.says("abort", "twin")
    assert (done.code, done.err.splitlines()[0].casefold()) == (2, said)


@pytest.mark.parametrize(
    ("text", "said"),
    [("a: [", "is no YAML"), ("- 1", "has no fields"), ("", "has no fields")],
)
def test_a_file_that_cannot_be_meant(
    somebody: Person, tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "fleet.yaml"
    file.write_text(text)
    code, lines = asked(somebody, "http://127.0.0.1:1", "fleet", "plan", str(file))
    assert code == 2
    assert said in " ".join(lines)


def test_a_file_that_is_not_there(somebody: Person) -> None:
    code, lines = asked(somebody, "http://127.0.0.1:1", "fleet", "start", "nowhere.yaml")
    assert code == 2
    assert lines[0].startswith("nowhere.yaml cannot be read: No such file")


def test_a_version_that_yaml_takes_for_a_number(somebody: Person, tmp_path: Path) -> None:
    file = tmp_path / "fleet.yaml"
    file.write_text("image: 1.10")
    code, lines = asked(somebody, "http://127.0.0.1:1", "fleet", "plan", str(file))
    assert (code, lines[1]) == (2, "Put it in quotes.")


@pytest.mark.parametrize("setting", ["approval", "=start", "canary.bake=[", "approval=moon"])
def test_a_field_of_the_policy_that_cannot_be_meant(person: Person, setting: str) -> None:
    person.says("plan", "x", NEW)
    done = person.says("plan", "/subscriptions/s/x", NEW, "--set", setting)
    assert done.code == 2
    assert "Something is wrong" not in done.err


def test_what_is_shown_does_not_drive_the_terminal(somebody: Person) -> None:
    message = "Batch 1\x1b[2J of \x9b31m2\a\ndone"
    with answering(Answer(200, RUNNING | {"message": message})) as server:
        somebody.environ["VMSS_ROLLOUT_APP"] = server.url
        assert "Batch 1[2J of 31m2\ndone\n" in somebody.says("show", "web-1").out
        assert "\x1b" not in somebody.says("show", "web-1", "-o", "json").out


def test_a_field_that_the_app_does_not_know_is_named(person: Person, tmp_path: Path) -> None:
    file = tmp_path / "fleet.yaml"
    file.write_text(f"image: {NEW}\nwaves: []\ncolour: red\n")
    done = person.says("fleet", "plan", str(file))
    assert done.code == 2
    assert "colour" in done.err


def test_an_answer_is_written_as_it_is(somebody: Person) -> None:
    message = "[bold]x[/bold] äöü :smile: " + "long " * 60
    with answering(Answer(200, RUNNING | {"message": message})) as server:
        somebody.environ["VMSS_ROLLOUT_APP"] = server.url
        body = json.loads(somebody.says("show", "web-1", "-o", "json").out)
        assert body["message"] == message
        assert "[bold]x[/bold] äöü :smile: long" in somebody.says("show", "web-1").out


def test_a_fleet_command_for_a_rollout_of_one_scale_set(system: System, person: Person) -> None:
    (scale_set,) = system.small(1)
    assert system.start(scale_set, id="single").status_code == 202
    done = person.says("fleet", "pause", "Single")
    assert done.code == 2
    assert done.err.splitlines() == [
        "'Single' is the rollout of one scale set.",
        "It has the commands without 'fleet': vmss-rollout show Single",
    ]
    system.finish("single")


@pytest.mark.parametrize("words", [[], ["fleet"], ["context"]])
def test_a_command_that_is_not_finished_is_answered_with_what_there_is(
    somebody: Person, words: list[str]
) -> None:
    done = somebody.says(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(" ".join(["Usage: vmss-rollout", *words, "[OPTIONS] COMMAND"]))
    assert "What it takes" not in done.err


@pytest.mark.parametrize("words", [["lst"], ["fleet", "lsit"], ["context", "ad"]])
def test_a_command_that_is_misspelled_is_answered_with_what_comes_near(
    somebody: Person, words: list[str]
) -> None:
    done = somebody.says(*words)
    assert done.code == 2
    assert "Did you mean" in done.err
