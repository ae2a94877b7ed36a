"""Freezes that stand in an iCalendar file elsewhere: read before a start, and again on the way."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from answering import ALLOWS_LOOPBACK
from ical import ics, lasting
from receiver import Receiver, receiving
from signed_in import as_, authenticated
from story import NEW, System
from windows import HOUR

from local.host.engine.deaths import Death, Moment

type Json = dict[str, Any]

SMALL = {"capacity": 4, "updateDomains": 4}
A_DAY = timedelta(days=1)


class Published:
    """A calendar that somebody keeps; `down` while its host is."""

    def __init__(self, system: System, receiver: Receiver) -> None:
        self.system, self.receiver, self.text, self.down = system, receiver, ics(), False
        receiver.answer = self._answer

    def _answer(self, _: httpx.Request) -> httpx.Response:
        return httpx.Response(503) if self.down else httpx.Response(200, text=self.text)

    def freezes(self, begins: timedelta, lasts: timedelta, *more: str) -> None:
        """From now on it says that, and nothing else."""
        first = self.system.clock.now() + begins
        self.text = ics(lasting(first, first + lasts, "Peak sales", *more))

    @property
    def entry(self) -> Json:
        return {"calendar": f"{self.receiver.url}/freezes.ics"}

    @property
    def policy(self) -> Json:
        return {"freezes": [self.entry], "deadline": "P5D"}


@pytest.fixture
def published(system: System, monkeypatch: pytest.MonkeyPatch) -> Iterator[Published]:
    monkeypatch.setenv(*ALLOWS_LOOPBACK)
    with receiving() as receiver:
        yield Published(system, receiver)


def waits(view: Json) -> bool:
    return view["opensAt"] is not None


def refused(system: System, policy: Json) -> Json:
    body = {"scaleSet": system.scale_set(**SMALL), "image": {"version": NEW}, "policy": policy}
    plan = system.api.post("/api/rollouts/plan", json=body)
    start = system.api.post("/api/rollouts", json=body)
    assert (plan.status_code, start.status_code) == (400, 400), start.text
    assert plan.json()["errors"] == start.json()["errors"]
    [error] = start.json()["errors"]
    return error


def test_nothing_begins_in_a_freeze_of_the_calendar(system: System, published: Published) -> None:
    published.freezes(-HOUR, 5 * HOUR)
    scale_set = system.scale_set(**SMALL)
    opening = system.plan(scale_set, policy=published.policy)["opening"]
    assert opening["message"].endswith("Peak sales")
    rollout = system.start(scale_set, policy=published.policy).json()["id"]
    view = system.until(rollout, waits)
    assert "because everything is frozen until " in view["message"]
    assert view["message"].endswith(": Peak sales")
    opens_at = datetime.fromisoformat(view["opensAt"])
    assert system.finish(rollout)["phase"] == "Succeeded"
    changed = [each for each in system.requests("POST") if "manualupgrade" in each["path"]]
    assert min(datetime.fromisoformat(each["at"]) for each in changed) >= opens_at


def test_a_freeze_that_is_taken_away_is_noticed_within_an_hour(
    system: System, published: Published
) -> None:
    published.freezes(-HOUR, 2 * A_DAY)
    rollout = system.start(system.scale_set(**SMALL), policy=published.policy).json()["id"]
    system.until(rollout, waits)
    began = system.clock.now()
    published.text = ics()
    system.until(rollout, lambda view: not waits(view))
    assert system.clock.now() - began <= HOUR + timedelta(minutes=1)
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_a_freeze_that_is_added_on_the_way_holds_the_next_batch(
    system: System, published: Published
) -> None:
    policy = {**published.policy, "pauseBetweenBatches": "PT10M"}
    rollout = system.start(system.scale_set(**SMALL), policy=policy).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 2)
    published.freezes(timedelta(0), 3 * HOUR)
    view = system.until(rollout, waits)
    assert view["batch"] == 2
    assert view["message"].endswith("Peak sales")
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_a_calendar_that_cannot_be_read_refuses_the_start(
    system: System, published: Published
) -> None:
    published.down = True
    error = refused(system, published.policy)
    assert error["path"] == "policy.freezes"
    why = "it answered 503: see whether the address is right"
    assert error["message"] == f"127.0.0.1: {why}", "the path may be a secret"
    published.down, published.text = False, "<html>Sign in</html>"
    assert "it is no iCalendar file" in refused(system, published.policy)["message"]


@pytest.mark.parametrize(
    ("calendar", "message"),
    [
        ({"secret": "NOWHERE"}, "the secret NOWHERE: there is no secret NOWHERE: set the app"),
        ("https://169.254.169.254/freezes.ics", "belongs to the platform"),
        ("https://10.1.2.3/freezes.ics", "inside a network: allow that host"),
    ],
)
def test_an_address_that_is_never_called_refuses_the_start(
    system: System, calendar: Any, message: str
) -> None:
    assert message in refused(system, {"freezes": [{"calendar": calendar}]})["message"]


def test_what_was_read_last_holds_for_a_day_and_then_nothing_begins(
    system: System, published: Published
) -> None:
    """Whoever does not know what is frozen waits: no answer is never "no freezes"."""
    policy = {**published.policy, "pauseBetweenBatches": "PT20H"}
    rollout = system.start(system.scale_set(**SMALL), policy=policy).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 1)
    published.down = True
    view = system.until(rollout, lambda view: view["batch"] == 2, seconds=1800)
    assert not waits(view), "within a day, what was read last holds"
    view = system.until(rollout, waits, seconds=1800)
    assert view["batch"] == 2
    assert view["message"] == (
        "Nothing begins until the freezes at 127.0.0.1 can be read: it answered 503: "
        "see whether the address is right (what was read last is older than 1 d)"
    )
    system.pass_minutes(30)
    said = [each for each in system.events(rollout) if each["message"] == view["message"]]
    assert len(said) == 1
    published.down = False
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_the_apps_own_calendar_holds_for_a_member_of_a_fleet_too(
    system: System, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_FREEZES", json.dumps([{**published.entry, "reason": "Board"}]))
    waves = [{"name": "all", "scaleSets": system.small(1)}]
    published.down = True
    refused = system.start_fleet(waves)
    assert (refused.status_code, "it answered 503" in refused.text) == (400, True), refused.text
    published.down = False
    published.freezes(-HOUR, 2 * HOUR)
    fleet = system.start_fleet(waves).json()["id"]
    system.pass_minutes(10)
    assert said_of_a_member(system, fleet).endswith("Board: Peak sales")
    assert system.finish_fleet(fleet)["phase"] == "Succeeded"


def said_of_a_member(system: System, fleet: str) -> str:
    lines: list[Json] = system.api.get("/api/rollouts").json()
    [member] = [line["id"] for line in lines if line["id"].startswith(fleet)]
    return system.view(member)["message"]


@pytest.mark.parametrize("may", [["Starter"], ["Reader"]])
def test_the_plan_of_somebody_who_may_not_start_calls_no_address(
    system: System, published: Published, monkeypatch: pytest.MonkeyPatch, may: list[str]
) -> None:
    published.freezes(-HOUR, 2 * HOUR)
    rule = {"read": ["Reader", "Starter"], "start": ["Starter"]}
    authenticated(monkeypatch, ROLLOUT_ROLES=json.dumps(rule))
    asked = {"image": {"version": NEW}, "policy": published.policy}
    waves = [{"name": "all", "scaleSets": system.small(1)}]
    bodies = {
        "rollouts": {**asked, "scaleSet": system.scale_set(**SMALL)},
        "fleet-rollouts": {**asked, "waves": waves},
    }
    for path, body in bodies.items():
        headers = as_("ann@contoso.com", *may)
        answer = system.api.post(f"/api/{path}/plan", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        unread = "The freezes at 127.0.0.1 were not read" in answer.text
        assert unread == (may == ["Reader"]), path
    assert bool(published.receiver.calls) == (may == ["Starter"])


def test_a_rollout_without_calendars_reads_none(system: System, published: Published) -> None:
    assert system.run(system.scale_set(**SMALL))["phase"] == "Succeeded"
    assert published.receiver.calls == []


def test_a_calendar_is_read_once_before_each_batch_at_most(
    system: System, published: Published
) -> None:
    view = system.run(system.scale_set(**SMALL), policy=published.policy)
    assert view["phase"] == "Succeeded"
    assert 1 <= len(published.receiver.calls) <= 1 + view["batches"]


@pytest.mark.by_day(1)
@pytest.mark.parametrize("moment", [*Moment])
def test_a_worker_that_dies_while_a_calendar_is_read_lets_nothing_into_a_freeze(
    system: System, published: Published, moment: Moment
) -> None:
    policy = {**published.policy, "pauseBetweenBatches": "PT2H"}
    scale_set = system.scale_set(**SMALL)
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 1)
    thaws = system.clock.now() + 10 * HOUR
    published.freezes(HOUR, 9 * HOUR)
    death = Death("read_calendar", moment=moment)
    system.host.deaths.plan(death)
    system.until(rollout, lambda view: view["batch"] == 2, seconds=600)
    assert death in system.host.deaths.happened
    assert system.finish(rollout)["phase"] == "Succeeded"
    changed = [datetime.fromisoformat(each["at"]) for each in system.requests("POST", scale_set)]
    assert changed
    assert [at for at in changed if thaws - 9 * HOUR <= at < thaws] == []
