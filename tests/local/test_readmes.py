"""What local/host/README.md and local/arm/README.md show works as it is written there."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from pages import ROOT, blocks, links

from local.arm.example import add_example_fleet
from local.arm.http import create_app
from local.arm.model import Azure
from local.base import ManualClock, Server
from local.host.host import Host

HOST = "local/host/README.md"
ARM = "local/arm/README.md"


def block(page: str, language: str, containing: str) -> str:
    """The one block of that language with that text."""
    (found,) = [
        each.text for each in blocks(language) if each.page == page and containing in each.text
    ]
    return found


def output(*command: str, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def shell(commands: str, cwd: Path) -> str:
    return output("bash", "-euo", "pipefail", "-c", commands, cwd=cwd)


def script(text: str, cwd: Path) -> str:
    return output(
        sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{text}", cwd=cwd
    )


@pytest.fixture
def my_app(tmp_path: Path) -> Path:
    """The app that the host's page shows."""
    app = tmp_path / "my_app"
    app.mkdir()
    (app / "function_app.py").write_text(block(HOST, "python", "DFApp"), encoding="utf-8")
    (app / "host.json").write_text(block(HOST, "json", "version"), encoding="utf-8")
    return app


def test_the_app_of_the_hosts_page_can_be_called(my_app: Path, tmp_path: Path) -> None:
    with Host(my_app, tmp_path / "state", ManualClock(), skip=True) as host:
        commands = block(HOST, "bash", "greet").replace("http://127.0.0.1:7071", host.url)
        answers = shell(commands, tmp_path)
        host.wait_idle()
        (instance,) = httpx.get(f"{host.url}/runtime/webhooks/durabletask/instances").json()
    assert "statusQueryGetUri" in answers
    assert '"name":"greet_twice"' in answers
    assert "say_hello" in answers
    assert instance["output"] == ["Hello Ada", "Hello Ada"]


def test_the_test_of_the_hosts_page_skips_an_hour(my_app: Path) -> None:
    shown = script(block(HOST, "python", "ManualClock"), my_app.parent)
    assert shown == '["Hello Ada", "Hello Ada"]\n'


def test_the_commands_of_the_simulators_page_show_a_bad_image(tmp_path: Path) -> None:
    azure = Azure(ManualClock())
    add_example_fleet(azure)
    with Server(create_app(azure)) as server:
        commands = block(ARM, "bash", "badImage").replace("http://127.0.0.1:7072", server.url)
        shell(commands, tmp_path)
    assert azure.truth("demo", "mine")["peakDownByUpdateDomain"] == {"0": 1, "1": 0}


def test_the_rewritten_answers_of_the_simulators_page_are_accepted(tmp_path: Path) -> None:
    with Server(create_app(Azure(ManualClock()))) as server:
        commands = block(ARM, "bash", '"rewrite"').replace("http://127.0.0.1:7072", server.url)
        answers = shell(commands, tmp_path)
    assert answers.count('"id":"fault-') == 5


def test_the_sdk_of_the_simulators_page_lists_the_example(tmp_path: Path) -> None:
    azure = Azure(ManualClock())
    add_example_fleet(azure)
    with Server(create_app(azure)) as server:
        text = block(ARM, "python", "ComputeManagementClient")
        shown = script(text.replace("http://127.0.0.1:7072", server.url), tmp_path)
    assert shown.splitlines()[0] == "web 20"


def test_the_test_of_the_simulators_page_finds_no_violation(tmp_path: Path) -> None:
    shown = script(block(ARM, "python", "ManualClock"), tmp_path)
    assert shown.splitlines()[1] == "[]"


@pytest.mark.parametrize("page", [HOST, ARM])
def test_a_page_lists_all_parts(page: str) -> None:
    folder = (ROOT / page).parent
    parts = {f"{package.parent.name}/__init__.py" for package in folder.glob("*/__init__.py")}
    assert {link for link in links(Path(page)) if link.endswith("/__init__.py")} == parts
