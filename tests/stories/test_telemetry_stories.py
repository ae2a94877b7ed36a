"""What Application Insights is told: a line per event, and numbers that add up; never twice."""

import json
import logging
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry import metrics
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from story import NEW, System

type Key = tuple[str, tuple[tuple[str, Any], ...]]


class Numbers:
    """The metrics there are, as what was added since the last look."""

    def __init__(self) -> None:
        self._reader = InMemoryMetricReader()
        self._before: dict[Key, float] = {}
        metrics.set_meter_provider(MeterProvider([self._reader]))

    def added(self) -> dict[str, dict[str, float]]:
        """By name, then by the values of the attributes; a histogram counts its measurements."""
        now = dict(self._points())
        news = {key: value - self._before.get(key, 0) for key, value in now.items()}
        self._before = now
        found: dict[str, dict[str, float]] = {}
        for (name, attributes), value in news.items():
            if value:
                text = " ".join(str(one) for _, one in sorted(attributes))
                found.setdefault(name, {})[text] = value
        return found

    def _points(self) -> Iterator[tuple[Key, float]]:
        data = self._reader.get_metrics_data()
        told: Any = json.loads(data.to_json()) if data else {"resource_metrics": []}
        for resource in told["resource_metrics"]:
            for metric in (one for scope in resource["scope_metrics"] for one in scope["metrics"]):
                for point in metric["data"]["data_points"]:
                    key = (metric["name"], tuple(point["attributes"].items()))
                    yield key, point["count"] if "count" in point else point["value"]


@pytest.fixture(scope="session")
def reader() -> Numbers:
    """A process has one meter provider, once and for all."""
    return Numbers()


@pytest.fixture
def numbers(reader: Numbers) -> Numbers:
    reader.added()
    return reader


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "rollout")
    return caplog


def told(lines: pytest.LogCaptureFixture, logger: str, rollout: str) -> list[dict[str, Any]]:
    """Everything that was told of a rollout, with all its fields."""
    records = [one.__dict__ for one in lines.records if one.name == logger]
    return [one for one in records if one["rolloutId"] == rollout]


def test_there_is_one_line_for_each_event(system: System, lines: pytest.LogCaptureFixture) -> None:
    scale_set = system.scale_set(capacity=6, updateDomains=3)
    rollout = system.run(scale_set)["id"]
    events = system.events(rollout)
    written = told(lines, "rollout.events", rollout)
    assert [one["event"] for one in written] == [event["kind"] for event in events]
    assert {one["scaleSet"] for one in written} == {scale_set}
    assert sorted({one["batch"] for one in written}) == [0, 1, 2, 3]
    assert [one["phase"] for one in written][:: len(written) - 1] == ["Progressing", "Succeeded"]
    assert {one["levelname"] for one in written} == {"INFO"}


def test_there_is_one_line_for_a_rollout_that_has_ended(
    system: System, lines: pytest.LogCaptureFixture
) -> None:
    scale_set = system.scale_set(capacity=4)
    view = system.run(scale_set)
    system.host.wait_idle()
    [line] = told(lines, "rollout.finished", view["id"])
    assert (line["scaleSet"], line["phase"], line["levelname"]) == (scale_set, "Succeeded", "INFO")
    assert (line["instances_total"], line["instances_done"]) == (4, 4)
    assert line["seconds"] > 0


def test_what_went_wrong_is_louder(system: System, lines: pytest.LogCaptureFixture) -> None:
    system.fault("badImage", version=NEW)
    rollout = system.run(system.scale_set(capacity=4), policy={"onFailure": "stop"})["id"]
    last = told(lines, "rollout.events", rollout)[-1]
    assert (last["event"], last["phase"], last["levelname"]) == ("finished", "Failed", "ERROR")
    system.host.wait_idle()
    [line] = told(lines, "rollout.finished", rollout)
    assert line["levelname"] == "ERROR"


def test_a_reason_cannot_forge_a_line(system: System, lines: pytest.LogCaptureFixture) -> None:
    rollout = system.start(system.scale_set(capacity=4)).json()["id"]
    forged = "enough\r\nERROR rollout: all is lost\x1b[31m"
    system.api.post(f"/api/rollouts/{rollout}/abort", json={"reason": forged})
    system.finish(rollout)
    messages = [one.getMessage() for one in lines.records if one.name == "rollout.events"]
    assert any("all is lost" in one for one in messages)
    assert all(one.isprintable() for one in messages)


def test_the_numbers_add_up(system: System, numbers: Numbers) -> None:
    system.run(system.scale_set(capacity=6, updateDomains=3))
    system.host.wait_idle()
    added = numbers.added()
    assert added["rollout.started"] == {"scaleSet": 1}
    assert added["rollout.finished"] == {"scaleSet Succeeded": 1}
    assert added["rollout.batch.duration"] == {"Progressing": 3}
    assert added["rollout.instances.upgraded"] == {"Progressing": 6}
    assert "rollout.instances.unhealthy" not in added
    served = Counter(f"{one['method']} {one['status']}" for one in system.requests())
    assert added["arm.calls"] == dict(served)
    assert "arm.throttled" not in added


def test_unhealthy_instances_and_throttled_calls_are_counted(
    system: System, numbers: Numbers
) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    system.fault("badImage", version=NEW)
    rollout = system.start(scale_set, policy={"onFailure": "stop"}).json()["id"]
    system.fault("throttle", count=3, retryAfter=20)
    system.finish(rollout)
    system.host.wait_idle()
    added = numbers.added()
    assert added["rollout.finished"] == {"scaleSet Failed": 1}
    assert added["rollout.instances.unhealthy"]["Progressing"] > 0
    assert sum(added["arm.throttled"].values()) == 3


def test_a_rollout_that_somebody_terminated_counts_as_failed(
    system: System, numbers: Numbers, lines: pytest.LogCaptureFixture
) -> None:
    rollout = system.start(system.scale_set(capacity=4)).json()["id"]
    system.host.wait_idle()
    system.api.post(f"/runtime/webhooks/durabletask/instances/{rollout}/terminate?reason=no")
    system.look_after()
    assert numbers.added()["rollout.finished"] == {"scaleSet Failed": 1}
    [line] = [one for one in told(lines, "rollout.events", rollout) if one["event"] == "brokenOff"]
    assert line["levelname"] == "ERROR"


def test_a_fleet_rollout_is_told_of_beside_its_rollouts(
    system: System, lines: pytest.LogCaptureFixture, numbers: Numbers
) -> None:
    system.start_fleet([{"name": "all", "scaleSets": system.small(2)}], id="told-1")
    system.finish_fleet("told-1")
    [line] = told(lines, "rollout.finished", "told-1")
    assert (line["phase"], line["scaleSets_done"]) == ("Succeeded", 2)
    added = numbers.added()
    assert added["rollout.started"] == {"fleet": 1, "scaleSet": 2}
    assert added["rollout.finished"] == {"fleet Succeeded": 1, "scaleSet Succeeded": 2}
