"""Policies with hooks, and what a host that they call has been told."""

from typing import Any

from answering import Asked, AskedHost
from story import System

type Json = dict[str, Any]

DONE, BROKEN, REFUSES = (200, "done"), (500, "broken"), (409, "no")
AT_WORK = (200, {"state": "draining"})


def hook(url: str, place: str = "beforeBatch", name: str = "drain", **fields: Any) -> Json:
    call = {"kind": "http", "url": url, **fields.pop("call", {})}
    return {"name": name, "place": place, "call": call, **fields}


def drain_and_back(host: AskedHost, **fields: Any) -> list[Json]:
    """A hook that drains, and one that puts back."""
    return [
        hook(f"{host.url}/drain", **fields),
        hook(f"{host.url}/back", "afterBatch", "back", **fields),
    ]


def by_callback(
    host: AskedHost, place: str = "beforeBatch", name: str = "drain", **fields: Any
) -> Json:
    """A hook that is answered later; its path is its name."""
    call = {"kind": "callback", "url": f"{host.url}/{name}", **fields.pop("call", {})}
    return {"name": name, "place": place, "call": call, **fields}


def drain_and_back_by_callback(host: AskedHost, **fields: Any) -> list[Json]:
    """The same two, answered later."""
    return [
        by_callback(host, **fields),
        by_callback(host, "afterBatch", "back", **fields),
    ]


def answered_at_once(host: AskedHost) -> None:
    """From now on each call is answered "pass" before its POST is."""
    host.says_back = {"verdict": "pass"}


def hooked(*hooks: Json, **fields: Any) -> Json:
    """In two batches of two instances each."""
    return {"hooks": list(hooks), "maxBatchInstances": 2, **fields}


def told(host: AskedHost, path: str) -> list[list[str]]:
    """The instances of each call of that path."""
    return [[each["id"] for each in call.body["instances"]] for call in calls(host, path)]


def calls(host: AskedHost, path: str) -> list[Asked]:
    return [each for each in host.asked if each.path == path]


def still_drained(host: AskedHost) -> set[str]:
    """Who was drained, and since then not put back by a call that was answered well."""
    drained: set[str] = set()
    for call, status in zip(host.asked, host.answered, strict=True):
        ids = {each["id"] for each in call.body["instances"]}
        if call.path == "/drain":
            drained |= ids
        elif status < 300:
            drained -= ids
    return drained


def still_drained_by_callback(host: AskedHost) -> set[str]:
    """The same of hooks that answer later: put back is who "pass" was said of, and heard."""
    drained: set[str] = set()
    for number, call in enumerate(host.asked):
        ids = {each["id"] for each in call.body["instances"]}
        said, status = host.said_back.get(number, ({}, 0))
        if call.path == "/drain":
            drained |= ids
        elif said.get("verdict") == "pass" and status == 202:
            drained -= ids
    return drained


def logged(system: System, rollout: str, kind: str) -> list[Json]:
    return [event for event in system.events(rollout) if event["kind"] == kind]


def tell(system: System, rollout: str, verb: str) -> None:
    answer = system.api.post(f"/api/rollouts/{rollout}/{verb}", json={"by": "ann"})
    assert answer.status_code == 202, answer.text
    system.host.wait_idle()
