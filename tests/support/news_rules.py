"""Sets who is told of news, and reads what they were told."""

import json
from typing import Any

import pytest
from receiver import Receiver

PAGE = "https://app.example/api/dashboard"


def configure(monkeypatch: pytest.MonkeyPatch, *receivers: dict[str, Any]) -> None:
    """These are told, on loopback."""
    rules = {"page": PAGE, "receivers": receivers}
    monkeypatch.setenv("ROLLOUT_NEWS", json.dumps(rules))
    monkeypatch.setenv("ROLLOUT_OUTBOUND", "127.0.0.0/8")


def kinds(receiver: Receiver) -> list[str]:
    return [body["data"]["kind"] for body in receiver.bodies]


def ids(receiver: Receiver, *, taken: bool = False) -> list[str]:
    """Of all messages that came; or of those that were taken."""
    pairs = zip(receiver.bodies, receiver.answered, strict=True)
    return [body["id"] for body, status in pairs if status < 300 or not taken]
