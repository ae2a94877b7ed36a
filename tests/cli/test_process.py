"""The command as a process of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from answers import Answer, answering
from background import as_background_job
from command import Person
from story import System

from vmss_rollout.account import account

CLI = Path(__file__).parents[2] / "cli"


def environment(tmp_path: Path, **environ: str) -> dict[str, str]:
    config = {"VMSS_ROLLOUT_CONFIG": str(tmp_path / "config.yaml"), "FORCE_COLOR": "1"}
    return {**os.environ, "PYTHONPATH": str(CLI), **config, **environ}


def run(tmp_path: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "vmss_rollout", *words],
        env=environment(tmp_path, **environ),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def test_a_pipe_gets_text_without_colours(system: System, tmp_path: Path) -> None:
    done = run(tmp_path, "sets", VMSS_ROLLOUT_APP=system.host.url)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout


def test_errors_are_on_standard_error(tmp_path: Path) -> None:
    done = run(tmp_path, "list", VMSS_ROLLOUT_APP="")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[0] == "No app is configured."


def test_it_says_its_version(tmp_path: Path) -> None:
    assert run(tmp_path, "--version").stdout.startswith("vmss-rollout ")


def test_help_is_asked_for_without_an_app(tmp_path: Path) -> None:
    done = run(tmp_path, "--help")
    assert done.returncode == 0
    assert "rollback" in done.stdout


def test_help_imports_nothing_that_only_calls_need() -> None:
    code = """
import sys
from vmss_rollout.__main__ import run
try:
    run()
except SystemExit:
    print(*{"httpx", "yaml", "keyring", "azure"} & sys.modules.keys(), file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, "--help"],
        env={**os.environ, "PYTHONPATH": str(CLI)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.strip() == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_whoever_stops_it_reads_that_the_rollout_goes_on(
    tmp_path: Path, number: signal.Signals
) -> None:
    view = {"id": "web-1", "phase": "Progressing", "message": "Batch 1 of 2", "percent": 10}
    with answering(Answer(200, view)) as server, as_background_job():
        watch = subprocess.Popen(
            [sys.executable, "-m", "vmss_rollout", "watch", "web-1"],
            env=environment(tmp_path, VMSS_ROLLOUT_APP=server.url),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with watch:
            assert watch.stdout is not None
            assert watch.stdout.readline().startswith("Progressing 10 %")
            watch.send_signal(number)
            _, said = watch.communicate(timeout=30)
    assert watch.returncode == 130
    assert said.splitlines() == [
        "You have left; web-1 goes on in the app.",
        "Come back: vmss-rollout watch web-1",
    ]


def test_a_shell_is_offered_commands_and_names(system: System, tmp_path: Path) -> None:
    system.scale_set(name="offered", capacity=2, updateDomains=2)
    for words, at, offered in (("vmss-rollout imag", 1, "images"), ("x images off", 2, "offered")):
        done = run(
            tmp_path,
            VMSS_ROLLOUT_APP=system.host.url,
            _VMSS_ROLLOUT_COMPLETE="complete_bash",
            COMP_WORDS=words,
            COMP_CWORD=str(at),
        )
        assert offered in done.stdout.split(), done.stderr


def test_the_script_for_a_shell(person: Person) -> None:
    done = person.says("completion", "bash")
    assert done.code == 0
    assert "_VMSS_ROLLOUT_COMPLETE=complete_bash" in done.out
    assert person.says("completion", "dos").code == 2


def test_who_is_signed_in_at_azure_s_command_line_says_it(tmp_path: Path) -> None:
    profile = tmp_path / ".azure" / "azureProfile.json"
    profile.parent.mkdir()
    body = '{"subscriptions": [{"isDefault": true, "user": {"name": "ann@contoso.com"}}]}'
    profile.write_text(body, encoding="utf-8-sig")
    assert account({}, tmp_path) == "ann@contoso.com"
    assert account({"AZURE_CONFIG_DIR": str(tmp_path)}, tmp_path) != "ann@contoso.com"


def test_a_terminal_that_has_no_letters_for_it_is_no_crash(system: System, tmp_path: Path) -> None:
    system.scale_set()
    environ = {"VMSS_ROLLOUT_APP": system.host.url, "PYTHONIOENCODING": "ascii"}
    done = run(tmp_path, "doctor", **environ)
    assert done.returncode == 0, done.stderr
    assert "+ Its settings are right." in done.stdout.splitlines()


def test_what_a_program_reads_is_whole_in_any_encoding(tmp_path: Path) -> None:
    body = [{"id": "web-1", "message": "äöü ✓"}]
    for output in ("json", "jsonl", "yaml"):
        with answering(Answer(200, body)) as server:
            environ = {"VMSS_ROLLOUT_APP": server.url, "PYTHONIOENCODING": "ascii"}
            done = run(tmp_path, "list", "-o", output, **environ)
        read = yaml.safe_load(done.stdout)
        assert (read if isinstance(read, list) else [read]) == body


def test_a_reader_that_leaves_early_is_no_trouble(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "vmss_rollout", "list", "-o", "json"]
    with answering(Answer(200, [{"id": "web-1"}] * 10_000)) as server:
        environ = environment(tmp_path, VMSS_ROLLOUT_APP=server.url)
        pipe = subprocess.PIPE
        with subprocess.Popen(command, env=environ, stdout=pipe, stderr=pipe, text=True) as process:
            assert process.stdout is not None
            process.stdout.readline()
            process.stdout.close()
            assert process.stderr is not None
            assert process.stderr.read() == ""
