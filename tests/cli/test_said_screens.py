"""What the command says when it has done something, and when it cannot: each screen, whole."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from answers import LOST, Answer, answering
from command import Done, Kept, Person
from screens import SCREENS, hold
from waits_answers import GATE, LATE, LOST_NEWS, TRIED, gated, planned_with_all, told_of

type Json = dict[str, Any]
type Body = Callable[..., Json]

URL = "http://127.0.0.1:7071"
WEB = "/subscriptions/s/resourceGroups/demo/providers/Microsoft.Compute/virtualMachineScaleSets/web"
URN = "Canonical:UbuntuServer:14.04.2-LTS:14.04.201507060"
CONTEXTS = f"""
current: prod
contexts:
  prod: {{app: "https://roll.example.com", scope: "api://f0000000-0000-0000-0000-0000000/.default"}}
  mine: {{app: "{URL}"}}
"""
IN_THE_CLEAR = {"VMSS_ROLLOUT_APP": "http://roll.example.com", "VMSS_ROLLOUT_KEY": "s3cret"}
WOULD = {
    "pause": "Batch 1 of 5 settles first, about 2 min; then nothing more begins.",
    "rollback": "The model and 4 instances go back to the image they had, one batch after another.",
}
SAID_OF_ANY = ("pause", "resume", "approve", "retry", "abort", "rollback")
STOPPED = {
    "since": "2026-07-01T12:00:00Z",
    "reason": "the agent loses its disk",
    "by": "ann@contoso.com",
}
GONE = Answer(404, {"title": "No such rollout", "detail": "There is no rollout 'web-1'."})
BUSY = Answer(503, {"title": "The app is busy", "detail": "Its storage does not answer."})
INVALID = {
    "title": "The request is not valid",
    "detail": "The request has 2 errors.",
    "errors": [
        {"path": "policy.canary.bake", "message": "must be a length of time such as PT5M"},
        {"path": "policy.approval", "message": "must be none, start, canary or everyBatch"},
    ],
}


def begun(body: Body, **more: Any) -> Json:
    cells = ["uucs", *["pppp"] * 4]
    said = {"verbs": [*WOULD, "abort"], "consequences": WOULD, **more}
    return body("Progressing", "Batch 1 of 5: 2 upgrading", cells, **said)


def waiting(body: Body) -> Json:
    said = "Batch 2 of 5 waits for approval until 14:00."
    need = {"what": "approval", "sentence": said}
    verbs = ["approve", "abort"]
    return body("AwaitingApproval", said, ["dddd", *["pppp"] * 4], needs=need, verbs=verbs)


def told(body: Body) -> Json:
    return begun(body, notice="Asked for by ann (change 4711): batch 1 of 5 settles first.")


def image(version: str) -> Json:
    names = {"publisher": "Canonical", "offer": "UbuntuServer", "sku": "14.04.2-LTS"}
    return {**names, "version": version}


def planned(_: Body) -> Json:
    batch = {"number": 1, "updateDomain": 0, "instanceIds": ["0", "1", "2"]}
    cost = {"shortest": "PT2M", "longest": "PT20M"}
    skipped = [{"instanceId": "7", "reason": "it is protected from scale set actions"}]
    warning = "The new image is older than the one that 2 instances run: that is a downgrade."
    counts = {"total": 4, "worstCaseDown": 3, "worstCaseCapacity": 1}
    return counts | {
        "image": {"from": image("14.04.201506100"), "to": image("14.04.201507060")},
        "fingerprint": "85a9109467e86ad3",
        "worstCaseCapacityPercent": 25,
        "healthSource": "applicationHealth",
        "batches": [batch],
        "skipped": skipped,
        "cost": cost,
        "warnings": [warning],
        "gates": [GATE],
    }


@dataclass(frozen=True)
class Said:
    """The words that are typed, what the app answers, and what is typed besides. No answer: there
    is no app at that address.
    """

    words: list[str]
    answers: Callable[[Body], list[Json | Answer]] = lambda _: []
    typed: list[str] = field(default_factory=list[str])
    pressed: list[str] = field(default_factory=list[str])
    at_keyboard: bool = False
    contexts: str = ""
    environ: dict[str, str] | None = None


def of_fleet(body: Body) -> Json:
    return begun(body) | {"id": "cve"}


def listed(*answers: Json) -> Callable[[Body], list[Json | Answer]]:
    return lambda _: [Answer(200, list(answers))]


NO_LIST = listed()
SCREENS_SAID = {
    # What was done.
    "start": Said(["start", WEB, URN], lambda it: [begun(it)]),
    "start-asks": Said(
        ["start", WEB, URN], lambda it: [planned(it), begun(it)], ["y"], at_keyboard=True
    ),
    "start-is-not-meant": Said(
        ["start", WEB, URN], lambda it: [planned(it)], ["n"], at_keyboard=True
    ),
    "start-waits": Said(
        ["start", WEB, URN, "--wait"],
        lambda it: [begun(it), begun(it), it("Succeeded", "All are healthy.", ["dddd"] * 5)],
    ),
    "start-waits-for-somebody": Said(
        ["start", WEB, URN, "--wait"], lambda it: [begun(it), waiting(it)]
    ),
    "watch-in-a-pipe": Said(
        ["watch", "web-1"],
        lambda it: [begun(it), begun(it), BUSY, it("Failed", "It is over.", ["ffff"] * 5)],
    ),
    **{
        verb: Said([verb, "web-1", "-m", "change 4711"], lambda it: [begun(it), told(it)])
        for verb in [*SAID_OF_ANY, "skip", "break-glass"]
    },
    "rollback-asks": Said(
        ["rollback", "web-1"], lambda it: [begun(it), told(it)], ["n"], at_keyboard=True
    ),
    **{
        f"fleet-{verb}": Said(
            ["fleet", verb, "cve", *(["-m", "CVE-2026-1234"] if verb == "break-glass" else [])],
            lambda it: [of_fleet(it), told(it)],
        )
        for verb in [*SAID_OF_ANY, "skip", "break-glass"]
    },
    "fleet-start": Said(["fleet", "start", "fleet.yaml"], lambda it: [of_fleet(it)]),
    # What it waits for, and who is told.
    "show-gates": Said(["show", "web-1"], lambda it: [gated(waiting(it))]),
    "plan-gates": Said(
        [
            "plan",
            WEB,
            URN,
            "--gate",
            "https://checks.contoso.com/web ok",
            "--window",
            "mon-fri 22:00-05:00 Europe/Berlin",
        ],
        lambda it: [planned_with_all(planned(it))],
    ),
    "no-gate": Said(["plan", WEB, URN, "--gate", "checks.contoso.com"]),
    "no-window": Said(["plan", WEB, URN, "--window", "at night"]),
    "break-glass-asks": Said(
        ["break-glass", "web-1"],
        lambda it: [begun(it, verbs=["breakGlass"], consequences={"breakGlass": "It goes on."})],
        ["n"],
        at_keyboard=True,
    ),
    "stop-the-line": Said(
        ["stop-the-line", "-m", "the agent loses its disk"], lambda _: [{"stopped": STOPPED}]
    ),
    "stop-the-line-asks": Said(["stop-the-line", "-m", "the agent"], typed=["n"], at_keyboard=True),
    "lift-the-line": Said(["lift-the-line", "-m", "mended"], lambda _: [{"stopped": None}]),
    "lift-the-line-late": Said(["lift-the-line", "-m", "mended"], lambda _: [{"stopped": STOPPED}]),
    "news": Said(["news"], lambda _: [told_of()]),
    "news-given-up": Said(["news"], lambda _: [told_of(waiting=[LATE], givenUp=[LOST_NEWS])]),
    "news-none": Said(["news"], lambda _: [{"receivers": []}]),
    "news-test": Said(["news", "test"], listed(*TRIED)),
    "context-add": Said(["context", "add", "prod", "https://roll.example.com"]),
    "context-add-here": Said(["context", "add", "mine", URL]),
    "context-use": Said(["context", "use", "mine"], contexts=CONTEXTS),
    "context-list": Said(["context", "list"], contexts=CONTEXTS),
    "context-key": Said(["context", "key", "prod"], typed=["s3cret-key"], contexts=CONTEXTS),
    "completion": Said(["completion", "bash"]),
    # There is nothing.
    "list-none": Said(["list"], NO_LIST),
    "fleet-list-none": Said(["fleet", "list"], NO_LIST),
    "sets-none": Said(["sets"], NO_LIST),
    "context-list-none": Said(["context", "list"]),
    # It cannot be done.
    "no-app": Said(["list"], environ={}),
    "no-address": Said(["--app", "http://", "list"]),
    "no-context": Said(["--app", "prd", "list"], contexts=CONTEXTS),
    "no-context-file": Said(["context", "list"], contexts="a: ["),
    "no-key": Said(["context", "key", "prod"], typed=["^D"], contexts=CONTEXTS),
    "no-connection": Said(["list"], lambda _: [LOST]),
    "no-connection-for-a-verb": Said(["abort", "web-1"], lambda it: [begun(it), LOST]),
    "wrong-key": Said(["list"], lambda _: [Answer(401, "")]),
    "no-right": Said(
        ["abort", "web-1"],
        lambda it: [begun(it), Answer(403, {"detail": "ann may not abort rollouts."})],
    ),
    "key-in-the-clear": Said(["list"], environ=IN_THE_CLEAR),
    "another-app": Said(["list"], lambda _: [Answer(200, "<html>")]),
    "busy-app": Said(["list"], lambda _: [BUSY]),
    "id-of-a-fleet": Said(["show", "cve"], lambda _: [GONE, Answer(200, [{"id": "cve"}])]),
    "id-of-a-rollout": Said(
        ["fleet", "show", "web-1"], lambda _: [GONE, Answer(200, [{"id": "web-1"}])]
    ),
    "ambiguous-set": Said(
        ["plan", "web", URN],
        listed({"id": WEB}, {"id": WEB.replace("demo", "PRODUCTION-WEST-EUROPE")}),
    ),
    "no-arm-id": Said(["plan", "/subscriptions/s/web", URN]),
    "vanished": Said(["watch", "web-1"], lambda it: [begun(it), begun(it), GONE]),
    "interrupted-watch": Said(
        ["watch", "web-1"], lambda it: [begun(it), begun(it)], pressed=["^C"]
    ),
    "interrupted-wait": Said(
        ["start", WEB, URN, "--wait"], lambda it: [begun(it), begun(it)], pressed=["^C"]
    ),
    "interrupted-question": Said(
        ["rollback", "web-1"], lambda it: [begun(it)], ["^C"], at_keyboard=True
    ),
    "interrupted-look": Said(["list"], lambda _: [BUSY], pressed=["^C"]),
    "invalid-policy": Said(["plan", WEB, URN], lambda _: [Answer(400, INVALID)]),
    "no-file": Said(["fleet", "plan", "nowhere.yaml"]),
    "no-yaml": Said(["fleet", "plan", "wrong.yaml"]),
    "no-setting": Said(["plan", WEB, URN, "--set", "approval"]),
    "no-preset": Said(["plan", WEB, URN, "--preset", "smal"], listed({"name": "small"})),
    "no-command": Said(["lst"]),
    "no-option": Said(["list", "--al"]),
    "no-shell": Said(["completion", "cmd"]),
    "no-number": Said(["list", "--top", "many"]),
    "no-fault": Said(["rehearse", WEB, URN, "--fault", "bad-imag"]),
    "half-offline": Said(["rehearse", WEB, URN, "--show", "fleet.yaml"]),
}
FLEET = f'image: "{URN}"\nwaves:\n- name: all\n  scaleSets: ["{WEB}"]\n'


@pytest.mark.parametrize(("name", "said"), SCREENS_SAID.items(), ids=SCREENS_SAID)
def test_what_is_said_is_as_it_was(
    name: str, said: Said, body: Body, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fleet.yaml").write_text(FLEET, encoding="utf-8")
    (tmp_path / "wrong.yaml").write_text("waves: [", encoding="utf-8")
    answers = [
        given if isinstance(given, Answer) else Answer(200, given)
        for given in said.answers(body) or [LOST]
    ]

    def draw(width: int, colour: bool) -> Done:  # noqa: FBT001 - as `hold` calls it
        file = Path("config.yaml")
        file.write_text(said.contexts, encoding="utf-8")
        with answering(*answers) as server:
            there = {"VMSS_ROLLOUT_APP": server.url}
            person = Person(
                there if said.environ is None else {**said.environ},
                file,
                width=width,
                colour=colour,
                answers=list(said.typed),
                pressed=list(said.pressed),
                kept=Kept(),
                at_keyboard=said.at_keyboard,
            )
            drawn = person.says(*said.words)
        shown = (part.replace(server.url, URL) for part in (drawn.out, drawn.err))
        return Done(drawn.code, *shown)

    hold(f"said/{name}", draw)


def test_every_sentence_is_drawn() -> None:
    assert {file.stem for file in (SCREENS / "said").iterdir()} == set(SCREENS_SAID)
