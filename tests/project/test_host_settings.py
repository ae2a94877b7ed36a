"""The settings of host.json that were measured on the real host."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from durable.until import BETWEEN_LOOKS_SECONDS, LOOKS

HOST: dict[str, Any] = json.loads((Path(__file__).parents[2] / "host.json").read_text())
DURABLE = HOST["extensions"]["durableTask"]


def test_a_new_version_does_not_hold_up_a_rollout_for_minutes() -> None:
    """SIGTERM in the middle of a turn cost five minutes of standstill, with this 13 s."""
    assert DURABLE["useGracefulShutdown"] is True


def test_no_rule_for_all_logs_lets_those_of_the_sdk_through() -> None:
    """`default` comes after the host's own filter: 3,600 lines of Azure.Core in ten minutes."""
    levels = HOST["logging"]["logLevel"]
    assert "default" not in levels
    assert levels["Host.Triggers.DurableTask"] == "Warning", "a line for each wait for an event"


def test_tracing_is_decided_on_purpose() -> None:
    assert DURABLE["tracing"] == {"distributedTracingEnabled": False}


def test_the_http_door_waits_for_more_than_three_polls_of_another_worker() -> None:
    hours, minutes, seconds = map(
        int, DURABLE["storageProvider"]["maxQueuePollingInterval"].split(":")
    )
    polling = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    assert timedelta(seconds=LOOKS * BETWEEN_LOOKS_SECONDS) > 3 * polling
