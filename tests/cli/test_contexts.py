"""Which app is meant, and how its key and its token are kept."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from answers import Answer, answering
from command import Kept, Person

from vmss_rollout.app_context import AppContext
from vmss_rollout.client import Client
from vmss_rollout.command_error import CommandError
from vmss_rollout.diagnosis import clock
from vmss_rollout.keys import Key

KEY = "s3cret-key"


def test_contexts_are_kept_and_a_key_only_in_the_keyring(somebody: Person) -> None:
    url = "https://roll.example.com"
    assert somebody.says("context", "add", "prod", f"{url}/api/").code == 0
    assert somebody.says("context", "add", "mine", "http://127.0.0.1:1").code == 0
    assert somebody.says("context", "use", "prod").code == 0
    somebody.answers = [KEY]
    done = somebody.says("context", "key", "prod")
    assert somebody.kept.keys == {url: KEY}
    shown = done.out + somebody.says("context", "list").out + somebody.file.read_text()
    assert KEY not in shown
    assert "* prod" in " ".join(shown.split())


def test_an_address_without_a_name_can_be_used_from_now_on(somebody: Person) -> None:
    with answering(Answer(200, [])) as server:
        assert somebody.says("context", "use", server.url).code == 0
        assert somebody.says("list").code == 0
        assert len(server.asked) == 1


def test_a_context_that_is_not_there(somebody: Person) -> None:
    somebody.says("context", "add", "prod", "https://roll.example.com")
    done = somebody.says("--app", "prd", "list")
    assert done.code == 2
    assert done.err.splitlines() == [
        "There is no context 'prd'.",
        "Did you mean prod? Add it: vmss-rollout context add prd https://…",
    ]


def test_a_config_file_that_is_none(somebody: Person) -> None:
    somebody.file.write_text("a: [")
    done = somebody.says("list")
    assert done.code == 2
    assert done.err.startswith(f"{somebody.file} cannot be read: expected the node")
    assert len(done.err.splitlines()) <= 4


def test_the_key_of_the_environment_is_not_sent_to_another_app(somebody: Person) -> None:
    somebody.environ |= {
        "VMSS_ROLLOUT_APP": "https://roll.example.com",
        "VMSS_ROLLOUT_KEY": KEY,
    }
    with answering(Answer(200, [])) as server:
        assert somebody.says("--app", server.url, "list").code == 0
        assert "x-functions-key" not in server.asked[0][2]


def test_a_key_is_not_sent_unencrypted(somebody: Person) -> None:
    somebody.environ["VMSS_ROLLOUT_KEY"] = KEY
    somebody.environ["VMSS_ROLLOUT_APP"] = "http://roll.example.com"
    done = somebody.says("list")
    assert done.code == 2
    assert "is not encrypted: neither key nor token is sent there." in done.err


def test_a_token_goes_with_every_call() -> None:
    with answering(Answer(200, [])) as server:
        client = Client(AppContext(server.url), "", lambda: "a-token", lambda _: None)
        assert client.listed("/rollouts") == []
        client.close()
        assert server.asked[0][2]["authorization"] == "Bearer a-token"
    with pytest.raises(CommandError, match="is not encrypted"):
        Client(AppContext("http://roll.example.com"), "", lambda: "a-token", lambda _: None)


def test_a_key_does_not_show_itself() -> None:
    assert KEY not in repr(Key(KEY, "VMSS_ROLLOUT_KEY"))
    assert Kept().get("https://roll.example.com") == ""


CLOCKS: dict[str, Callable[[], timedelta]] = {
    "right": lambda: timedelta(seconds=-3),
    "ahead of": lambda: timedelta(minutes=4),
    "behind": lambda: timedelta(hours=-1),
}


@pytest.mark.parametrize(("said", "ahead"), CLOCKS.items())
def test_a_wrong_clock_is_found(said: str, ahead: Callable[[], timedelta]) -> None:
    found = clock(ahead())
    assert said in found.what
    assert found.good == (said == "right")
