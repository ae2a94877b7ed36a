"""What the documentation says is true: commands do what they say."""

import re
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from pages import blocks
from story import OLD
from story import System as Story

from local.arm.example import add_example_fleet
from local.base.clock import ManualClock
from local.system import System
from rollout.base import Cell, Phase
from rollout.plan import HealthPolicy, Policy

ROOT = Path(__file__).parents[2]


def block(page: str, containing: str) -> str:
    """The shell commands of the code block that holds that text."""
    blocks = re.findall(r"```bash\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)
    return next(one for one in blocks if containing in one)


def shell(commands: str) -> list[str]:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands], capture_output=True, text=True, check=True
    )
    return done.stdout.replace("}{", "}\n{").replace("}[", "}\n[").splitlines()


def test_the_commands_that_rehearse_a_failure_work(tmp_path: Path) -> None:
    with System(ManualClock(), tmp_path) as system:
        add_example_fleet(system.azure)
        commands = block("docs/local.md", "badImage").replace(
            "http://127.0.0.1:7072", system.arm_url
        )
        answers = "\n".join(shell(commands))
    assert '"peakDown":0' in answers.replace(" ", "")


def test_the_commands_that_publish_an_image_work(tmp_path: Path) -> None:
    with System(ManualClock(), tmp_path) as system:
        add_example_fleet(system.azure)
        blocks = [block("docs/local.md", text) for text in ('"PT2M"', "-X PUT")]
        commands = "\n".join(blocks).replace("http://127.0.0.1:7072", system.arm_url)
        answers = "\n".join(shell(commands))
    assert 'golden/images/web/versions/1.0.1"' in answers
    assert '"provisioningState":"Creating"' in answers
    assert '"aggregatedState":"InProgress"' in answers


def on(system: System, commands: str) -> str:
    """What the commands answer when they are about this system."""
    commands = commands.replace("http://127.0.0.1:7072", system.arm_url)
    return "\n".join(shell(commands.replace("http://127.0.0.1:7071/api", system.api_url)))


def test_the_commands_that_start_a_fleet_rollout_work(tmp_path: Path) -> None:
    with System(ManualClock(), tmp_path) as system:
        add_example_fleet(system.azure)
        answers = on(system, block("docs/fleets.md", "fleet-rollouts/plan"))
    assert answers.count('"id": "july"') == 4
    assert '"status": 4' not in answers


def test_the_curl_commands_plan_start_watch_and_abort_twice(tmp_path: Path) -> None:
    commands = block("docs/curl.md", "rollouts/plan")
    with System(ManualClock(), tmp_path) as system:
        add_example_fleet(system.azure)
        for time in ("noon", "later"):
            answers = on(system, commands.replace("$(date +%H%M%S)", time))
            assert '"worstCaseDown": 4' in answers
            assert f'"id": "cve-{time}"' in answers
            assert '"phase": "Pending"' in answers or '"phase": "Progressing"' in answers
            assert '"status": 4' not in answers


@pytest.mark.parametrize("page", ["docs/curl.md", "docs/fleets.md"])
def test_the_commands_that_publish_a_followed_image_work(tmp_path: Path, page: str) -> None:
    """Said twice, because nobody types so fast that the event is still on its way."""
    with System(ManualClock(), tmp_path) as system:
        add_example_fleet(system.azure)
        commands = block(page, "followed-images").replace("$(date +%s)", "1")
        on(system, commands)
        system.dispatcher.deliver_due()
        system.host.wait_idle()
        answers = on(system, commands)
    assert '"version": "1.0.1"' in answers
    assert '"wave": 1' in answers


OPERATIONS = [one.text for one in blocks("bash") if one.page == "docs/operations.md"]
CURL = OPERATIONS[next(at for at, text in enumerate(OPERATIONS) if text.startswith("API=")) :]
FUNCTIONS, STEPS, AGAIN, FEATURES = CURL[0], CURL[1:5], CURL[5:9], CURL[9:]
"""Of the stories as scripts tell them: what is pasted first, the steps of the rehearsal and of a
rollback that is finished by hand, and a block for each feature. tests/cli tells them with the
command.
"""


def typed(system: System, commands: str) -> str:
    """What the commands answer in the shell of somebody who has pasted the functions before."""
    functions = FUNCTIONS.replace("T=$(date +%H%M%S)", "T=noon")
    assert "T=noon" in functions
    return on(system, f"{functions}\n{commands}")


@contextmanager
def guided(state: Path) -> Generator[tuple[System, Story]]:
    """A system in which somebody types what the operations guide says."""
    clock = ManualClock()
    with (
        System(clock, state) as system,
        httpx.Client(base_url=system.host.url, timeout=60) as api,
        httpx.Client(base_url=system.arm_url, timeout=60) as azure,
    ):
        add_example_fleet(system.azure)
        yield system, Story(api, azure, clock, system.host)


def test_a_rollback_that_was_aborted_is_finished_by_hand(tmp_path: Path) -> None:
    start, roll_back, abort, again = AGAIN
    with guided(tmp_path) as (system, story):
        typed(system, start)
        story.until("half-noon", lambda view: view["batch"] == 4)
        typed(system, roll_back)
        story.until("half-noon", lambda view: view["batch"] == 6)
        typed(system, abort)
        view = story.finish("half-noon")
        assert (view["phase"], view["verbs"]) == ("Aborted", ["rollback"])
        assert '"phase": "Aborted"' in typed(system, again)
        view = story.finish("half-noon")
        truth = system.azure.truth("demo", "half-noon")
    assert view["phase"] == "RolledBack", view["message"]
    assert {each["image"].rpartition(":")[2] for each in truth["instances"]} == {OLD}


def test_the_rehearsal_of_the_operations_guide_goes_as_it_says(tmp_path: Path) -> None:
    with guided(tmp_path) as (system, story):
        start, approve, retry, roll_back = STEPS
        typed(system, start)
        story.until("op-noon", lambda view: view["phase"] == "AwaitingApproval")
        typed(system, approve)
        view = story.until("op-noon", lambda view: view["phase"] == "Paused")
        assert "instance 5: failed to provision" in view["message"]
        typed(system, retry)
        story.until("op-noon", lambda view: view["phase"] == "AwaitingApproval")
        assert '"reason": "change 4711"' in typed(system, roll_back)
        view = story.finish("op-noon")
    assert view["phase"] == "RolledBack"
    assert view["message"].startswith("Rolled back: 2 instance(s) run the image they had")


def test_each_feature_of_the_operations_guide_can_be_tried(tmp_path: Path) -> None:
    with System(ManualClock(), tmp_path) as system:
        add_example_fleet(system.azure)
        answers = [typed(system, commands) for commands in FEATURES]
        again = [typed(system, commands) for commands in FEATURES]
        listed = httpx.get(f"{system.api_url}/rollouts").json()
    assert len({line["id"] for line in listed}) == len(answers) == len(again) == 11
    (refused,) = [one for one in answers if '"status": 4' in one]
    assert "A rollout is active on this scale set" in refused
    assert not [one for one in answers if '"status": 5' in one]
    assert all('"id": "try-' in one for one in answers)


def test_every_cell_and_phase_is_in_the_glossary() -> None:
    glossary = (ROOT / "docs/glossary.md").read_text().replace("*", "")
    assert not [cell.label for cell in Cell if cell.label not in glossary]
    assert not [phase for phase in Phase if phase not in glossary]


def test_every_policy_field_is_explained() -> None:
    page = (ROOT / "docs/requests.md").read_text()
    names = {str(field.alias) for field in Policy.model_fields.values()} - {"health"}
    parts = {f"health.{field.alias}" for field in HealthPolicy.model_fields.values()}
    assert not [name for name in names | parts if f"`{name}`" not in page]


@pytest.mark.parametrize("page", ["parity", "how-it-works", "security", "operations"])
def test_every_test_that_a_page_names_exists(page: str) -> None:
    """What the page says we do is shown by a test, or it says why it cannot occur."""
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", (ROOT / f"docs/{page}.md").read_text())
    missing = [
        f"{file}::{name}"
        for file, name in named
        if f"def {name}(" not in (ROOT / "tests" / file).read_text()
    ]
    assert named
    assert not missing


def test_parity_lists_every_capability_and_every_fault() -> None:
    page = (ROOT / "docs/parity.md").read_text()
    could, vmssupgrade, vmsseditor = (part.splitlines() for part in page.split("\n## ")[1:])
    assert [row[2] for row in could if re.match(r"\| [a-z] \|", row)] == list("abcdfgijnoq")
    for faults, count in ((vmssupgrade, 17), (vmsseditor, 13)):
        rows = [row.split("|") for row in faults if re.match(r"\| \d+ \|", row)]
        assert [int(row[1]) for row in rows] == list(range(1, count + 1))
        assert all("::" in row[4] or "cannot occur" in row[3] for row in rows)
