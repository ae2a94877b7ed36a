"""The switch for the whole app, for stories."""

from typing import Any

from story import System

type Json = dict[str, Any]

LINE = "/api/stop-the-line"
BUG = "a kernel bug is going round"


def stop(system: System, reason: str = BUG, by: str = "ann") -> Json:
    answer = system.api.post(LINE, json={"reason": reason, "by": by})
    assert answer.status_code == 200, answer.text
    return answer.json()["stopped"]


def lift(system: System, reason: str = "it is fixed") -> None:
    answer = system.api.request("DELETE", LINE, json={"reason": reason, "by": "bob"})
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"stopped": None}


def stopped(system: System) -> Json | None:
    answer = system.api.get(LINE)
    assert answer.status_code == 200, answer.text
    return answer.json()["stopped"]


def log(system: System) -> list[str]:
    """What the log of the line says, oldest first."""
    system.host.wait_idle()
    return [event["message"] for event in system.api.get(f"{LINE}/events").json()]
