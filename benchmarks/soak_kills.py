"""Deaths of the process that runs the app: whatever it was doing, the rollout ends right."""

import os
import signal
import threading
from collections import Counter
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from random import Random

import httpx
from story import NEW, Json, System

from benchmarks.soak_world import Promises, asked, at_once, play, short, world
from local.demo.truth import Truth
from local.host.app import ACTIVITY, ENTITY, HTTP, ORCHESTRATION, Function
from local.host.app.app_process import AppProcess
from local.host.app.messages import Moment
from local.host.store import AsAzure

STARTS = "start_rollout"
TRIES = 5
RANDOM_KILLS = 3
LONGEST_PAUSE = 0.5
"""Real seconds between two kills at random."""
URGENT = {
    ("set_image", 1, Moment.AFTER),
    ("start_upgrade", 1, Moment.AFTER),
    ("start_upgrade", 2, Moment.BEFORE),
    ("roll_out", 3, Moment.AFTER),
    ("upgrade_batch", 5, Moment.BEFORE),
}
"""Where a death is most dangerous: what the short form tries."""
IMAGE = f"Canonical:UbuntuServer:14.04.2-LTS:{NEW}"


@dataclass(frozen=True)
class Death:
    """At which invocation of a function the process dies, the first being 1, and when in it."""

    trigger: str
    function: str
    number: int
    moment: Moment

    def __str__(self) -> str:
        return f"killed in {self.function} #{self.number}, {self.moment}"


class Mortal:
    """The app's process, and the next death it is to die. Counts the invocations since then."""

    app: AppProcess

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.counts: Counter[tuple[str, str]] = Counter()
        self._next: Death | None = None
        self.died = False

    def load(self, directory: Path) -> AppProcess:
        self.app = AppProcess(directory, self._fate)
        return self.app

    def expect(self, death: Death | None) -> None:
        with self._lock:
            self.counts.clear()
            self._next = death
            self.died = False

    def _fate(self, function: Function) -> Moment | None:
        called = (function.trigger, function.called)
        with self._lock:
            self.counts[called] += 1
            death = self._next
            if death is None or self.died or called != (death.trigger, death.function):
                return None
            self.died = self.counts[called] == death.number
            return death.moment if self.died else None

    @contextmanager
    def at_random(self, random: Random) -> Generator[None]:
        """Kill the process some times meanwhile, at moments that nobody chose."""
        over = threading.Event()
        pauses = [random.uniform(0.05, LONGEST_PAUSE) for _ in range(RANDOM_KILLS)]

        def kill() -> None:
            for pause in pauses:
                if over.wait(pause):
                    return
                os.kill(self.app.pid, signal.SIGKILL)

        thread = threading.Thread(target=kill)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def every_death(counts: Counter[tuple[str, str]]) -> list[Death]:
    """Each activity, turn, entity and start of a rollout that was counted, at each moment."""
    return [
        Death(trigger, function, number, moment)
        for (trigger, function), count in sorted(counts.items())
        if trigger in {ACTIVITY, ORCHESTRATION, ENTITY} or (trigger, function) == (HTTP, STARTS)
        for number in range(1, count + 1)
        for moment in Moment
    ]


def chosen(deaths: list[Death], count: int) -> list[Death]:
    """So many of them: first the most dangerous ones, then others evenly spread; some twice, when
    there are fewer.
    """
    urgent = [death for death in deaths if (death.function, death.number, death.moment) in URGENT]
    rest = count - len(urgent)
    others = [death for death in deaths if death not in urgent]
    if rest <= 0:
        return urgent[:count]
    if rest >= len(others):
        return list(islice(cycle([*urgent, *others]), count))
    return [*urgent, *(others[index * len(others) // rest] for index in range(rest))]


def sent_blindly(requests: Iterable[Json]) -> list[str]:
    """Upgrades that followed another one of the same scale set with no look at its instances in
    between: the paths. The log has no bodies, so that they may have been of different instances;
    but the app looks before it sends, always.
    """
    blind: list[str] = []
    unlooked: set[str] = set()
    for request in requests:
        scale_set, _, rest = request["path"].lower().rpartition("/virtualmachinescalesets/")
        name, _, what = rest.partition("/")
        if request["method"] == "GET" and what.startswith("virtualmachines"):
            unlooked.discard(scale_set + name)
        elif request["method"] == "POST" and what.startswith("manualupgrade"):
            blind += [request["path"]] * (scale_set + name in unlooked)
            unlooked.add(scale_set + name)
    return blind


def deaths_of_a_rollout(as_azure: AsAzure | None) -> list[Death]:
    """All that a rollout can die, by one that nobody kills."""
    mortal = Mortal()
    with world(mortal.load, as_azure) as system:
        _roll(system, Promises(), "calm", "")
    return every_death(mortal.counts)


def killed_on_purpose(deaths: list[Death], promises: Promises, as_azure: AsAzure | None) -> None:
    """A rollout for each of them. As in Azure, no two rollouts have the same number of turns: some
    do not get as far as that death.
    """
    mortal = Mortal()
    with world(mortal.load, as_azure) as system:
        for number, death in enumerate(deaths):
            mortal.expect(death)
            _roll(system, promises, f"kills-{number}", str(death))
            if as_azure is None:
                there = "the process died where it was to die"
                promises.check(there, str(death), holds=mortal.died)


def killed_at_random(
    count: int, random: Random, promises: Promises, as_azure: AsAzure | None
) -> None:
    """So many rollouts, each killed some times."""
    mortal = Mortal()
    with world(mortal.load, as_azure) as system:
        for number in range(count):
            with mortal.at_random(random):
                _roll(system, promises, f"kills-{number}", "killed at random")


def _roll(system: System, promises: Promises, rollout_id: str, how: str) -> None:
    """One rollout of four instances in two batches, with automatic repairs."""
    scale_set = system.scale_set(capacity=4, updateDomains=2, automaticRepairs=True)
    system.azure.delete("/_sim/requests")
    answer = _started(system, scale_set, rollout_id)
    promises.check(
        "a start is taken, at last when it is sent again",
        f"{rollout_id} {how}: {short(answer)}",
        holds=answer.is_success,
    )

    def succeeded() -> bool:
        view = asked(system, f"/api/rollouts/{rollout_id}")
        return view is not None and view["phase"] == "Succeeded" and bool(view["finishedAt"])

    over = play(system, succeeded)
    view = asked(system, f"/api/rollouts/{rollout_id}") or {}
    promises.check(
        "a rollout whose process dies ends Succeeded",
        f"{rollout_id} {how}: {view.get('phase')}, {view.get('message')}",
        holds=over,
    )
    _compare(system, promises, scale_set, f"{rollout_id} {how}")


def _started(system: System, scale_set: str, rollout_id: str) -> httpx.Response:
    """As whoever gets no answer does: the same request again."""
    policy = {"maxBatchInstances": 2}
    start = partial(system.start, scale_set, id=rollout_id, policy=policy)
    (answer,) = at_once(system, [start])
    for _ in range(TRIES):
        if not answer.is_server_error:
            break
        (answer,) = at_once(system, [start])
    return answer


def _compare(system: System, promises: Promises, scale_set: str, how: str) -> None:
    """What the simulated Azure says."""
    requests = system.requests()
    body = system.truth(scale_set)
    truth = Truth.of(body, IMAGE, len(requests))
    promises.check(
        "its instances run the image and are healthy, and no two update domains were down at once",
        f"{how}: {'; '.join(truth.against)}",
        holds=not truth.against,
    )
    blind = sent_blindly(requests)
    promises.check(
        "no upgrade is sent after another one without a look at the instances in between",
        f"{how}: {len(blind)} of {sum('manualupgrade' in each['path'] for each in requests)}",
        holds=not blind,
    )
    upgrades = [each["upgrades"] for each in body["instances"]]
    promises.check(
        "no instance is upgraded twice", f"{how}: {upgrades}", holds=max(upgrades, default=0) <= 1
    )
    promises.check(
        "automatic repairs run again afterwards",
        f"{how}: {body['automaticRepairs']}",
        holds=body["automaticRepairs"] == "Running",
    )
