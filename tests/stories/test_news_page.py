"""What docs/news.md shows can be copied."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from news_rules import configure
from receiver import receiving
from story import System

from rollout.news import News, NewsKind, cloud_event
from settings import read_news_rules

PAGE = Path(__file__).parents[2] / "docs/news.md"


def shown(language: str, having: str) -> list[str]:
    """The code blocks of that language with that text."""
    text = PAGE.read_text()
    found = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found
    return [block for block in found if having in block]


@pytest.mark.parametrize("block", shown("json", '"receivers"'))
def test_a_setting_on_the_page_is_right(block: str) -> None:
    assert read_news_rules({"ROLLOUT_NEWS": block}).receivers


def test_the_event_on_the_page_is_one_that_is_sent() -> None:
    [block] = shown("json", '"specversion"')
    event = json.loads(block)
    assert cloud_event(News.from_json(event)) == event


def test_every_kind_of_news_is_on_the_page() -> None:
    text = PAGE.read_text()
    assert [kind for kind in NewsKind if f"| `{kind}` |" not in text] == []


def test_the_code_on_the_page_knows_what_is_genuine(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    [code] = shown("python", "is_genuine")
    known: dict[str, Any] = {}
    exec(code, known)  # noqa: S102 - the page's own example
    monkeypatch.setenv("ROLLOUT_SECRET_AUDIT_KEY", "a plain word")
    with receiving() as audit:
        key = {"secret": "AUDIT_KEY"}
        configure(monkeypatch, {"name": "a", "kind": "webhook", "url": audit.url, "key": key})
        assert system.api.post("/api/news/test", json={}).json()[0]["delivered"]
    [call] = audit.calls
    assert known["is_genuine"](call.headers, call.content, b"a plain word")
    assert not known["is_genuine"](call.headers, call.content + b" ", b"a plain word")
    assert not known["is_genuine"](call.headers, call.content, b"another word")
    late = {**call.headers, "webhook-timestamp": "1700000000"}
    assert not known["is_genuine"](late, call.content, b"a plain word")


def test_the_call_on_the_page_tries_every_receiver(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    [command] = shown("bash", "api/news/test")
    command = command.strip().replace("http://127.0.0.1:7071", str(system.api.base_url).rstrip("/"))
    with receiving() as ops:
        configure(monkeypatch, {"name": "ops", "kind": "slack", "url": ops.url})
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [{"receiver": "ops", "delivered": True, "why": None}]
