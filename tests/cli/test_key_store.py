"""A key is found where it is kept, is never shown, and what keeps it may be broken."""

import os
import subprocess
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

import pytest
from answers import Answer, answering
from command import Kept, Person

from vmss_rollout.app_context import AppContext
from vmss_rollout.client import Client
from vmss_rollout.keys import Key, LockedError, found

CLI = Path(__file__).parents[2] / "cli"
KEY = "s3cret-key"
PROD = AppContext("https://roll.example.com")


@dataclass
class Locked(Kept):
    """A keyring that nobody opens."""

    def get(self, url: str) -> str:  # noqa: ARG002 - as a keyring is asked
        raise LockedError("the collection is locked")


def test_a_locked_keyring_is_said_and_stops_nothing() -> None:
    key = found(PROD, "", {}, Locked())
    assert (key.value, key.origin) == ("", "")
    assert key.trouble == "The system's keyring cannot be read: the collection is locked"
    assert found(PROD, "", {"VMSS_ROLLOUT_KEY": KEY}, Locked()).trouble == ""
    assert found(AppContext("http://127.0.0.1:7071"), "", {}, Locked()).trouble == ""


def test_the_doctor_says_what_to_do_about_a_locked_keyring(somebody: Person) -> None:
    somebody.kept = Locked()
    somebody.environ["VMSS_ROLLOUT_APP"] = "https://127.0.0.2:1"
    somebody.width = 200
    done = somebody.says("doctor")
    assert done.code == 1
    assert "✗ The system's keyring cannot be read: the collection is locked" in done.lines
    assert "  Unlock it, or give the key in VMSS_ROLLOUT_KEY." in done.lines


@pytest.mark.parametrize("backend", ["keyring.backends.fail.Keyring", "no.such.Backend"])
@pytest.mark.parametrize("words", [["list"], ["context", "key", "https://127.0.0.2:1"]])
def test_a_system_without_a_keyring_is_no_crash(
    tmp_path: Path, backend: str, words: list[str]
) -> None:
    environ = {
        "PYTHONPATH": str(CLI),
        "PYTHON_KEYRING_BACKEND": backend,
        "VMSS_ROLLOUT_CONFIG": str(tmp_path / "config.yaml"),
        "VMSS_ROLLOUT_APP": "https://127.0.0.2:1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "vmss_rollout", *words],
        env={**os.environ, **environ},
        input=f"{KEY}\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Something is wrong" not in done.stderr
    assert KEY not in done.stdout + done.stderr
    if words[0] == "context":
        assert "has no keyring that can keep the key" in done.stderr
        assert "in VMSS_ROLLOUT_KEY instead" in done.stderr


ADDRESSES = [f"https://roll.example.com/api?code={KEY}", f"https://user:{KEY}@roll.example.com"]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("words", [["--app"], ["context", "add", "prod"]])
def test_an_address_with_a_key_in_it_is_refused_and_not_shown(
    somebody: Person, words: list[str], address: str
) -> None:
    done = somebody.says(*words, address, *(["list"] if words == ["--app"] else []))
    assert done.code == 2
    assert "may stand a key: leave that out" in done.err
    assert KEY not in done.err + done.out
    assert not somebody.file.exists()


@pytest.mark.parametrize("output", ["table", "json", "jsonl", "yaml"])
@pytest.mark.parametrize("status", [200, 401, 403, 404, 500])
def test_a_key_is_in_no_answer_and_no_error(somebody: Person, output: str, status: int) -> None:
    somebody.environ["VMSS_ROLLOUT_KEY"] = KEY
    somebody.environ["VMSS_ROLLOUT_DEBUG"] = "1"
    for words in (["list"], ["show", "x"], ["doctor"], ["context", "list"]):
        with answering(Answer(status, {"title": "Nothing"} if status != 200 else [])) as server:
            somebody.environ["VMSS_ROLLOUT_APP"] = server.url
            asked = words if words[0] in {"doctor", "context"} else [*words, "-o", output]
            done = somebody.says(*asked)
        assert KEY not in done.out + done.err


def test_a_key_is_in_no_traceback_with_its_variables() -> None:
    client = Client(PROD, KEY, None, lambda _: None)
    client.close()
    with pytest.raises(RuntimeError) as raised:
        client.get("/rollouts")
    told = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    shown = "".join(told.format())
    assert "client = <vmss_rollout.client.Client" in shown
    assert KEY not in shown + repr(Key(KEY, "VMSS_ROLLOUT_KEY"))


def test_no_key_is_kept_without_one(somebody: Person) -> None:
    somebody.says("context", "add", "prod", PROD.url)
    for typed in ("", "   ", "^D"):
        somebody.answers = [typed]
        done = somebody.says("context", "key", "prod")
        assert (done.code, done.err.splitlines()[0]) == (2, "No key was given.")
    assert somebody.kept.keys == {}
