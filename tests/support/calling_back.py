"""Gates of the kind callback, and somebody who answers them."""

from typing import Any

import httpx
from answering import AskedHost
from gated import SMALL, policy
from story import System

type Json = dict[str, Any]


def called_back(url: str, place: str = "afterBatch", name: str = "tests", **fields: Any) -> Json:
    """A gate whose question goes to that URL."""
    check = {"kind": "callback", "url": url, **fields.pop("check", {})}
    return {"name": name, "place": place, "check": check, **fields}


def questions(host: AskedHost, path: str = "/q") -> list[Json]:
    """What was asked there, the newest last."""
    return [each.body for each in host.asked if each.path == path]


def asked(system: System, host: AskedHost, rollout: str, times: int, path: str = "/q") -> Json:
    """Let time pass until so many questions were asked there: the last one."""
    system.until(rollout, lambda _: len(questions(host, path)) >= times)
    return questions(host, path)[times - 1]


def reply(system: System, question: Json, verdict: str = "pass", **said: Any) -> httpx.Response:
    """Answer it: whatever the app says to that."""
    answer = system.api.post(question["callback"], json={"verdict": verdict, **said})
    system.host.wait_idle()
    return answer


def begun(system: System, *gates: Json, **fields: Any) -> tuple[str, str]:
    """A rollout with these gates, and its scale set."""
    scale_set = system.scale_set(**SMALL)
    answer = system.start(scale_set, policy=policy(*gates, **fields))
    assert answer.status_code == 202, answer.text
    return answer.json()["id"], scale_set
