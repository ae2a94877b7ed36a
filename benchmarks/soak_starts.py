"""Simultaneous starts: of any number, one wins, whoever is told so gets it, and nothing stays
locked.
"""

from collections import Counter
from collections.abc import Callable
from functools import partial
from http import HTTPStatus

import httpx
from story import OLD, Json, System

from benchmarks.soak_world import Promises, asked, at_once, ended, listed, play, short
from local.arm.base import guid
from local.arm.event_grid.resource_event import Change, resource_event
from local.system import ON_IMAGE

CALLERS = 30
ACCEPTED, CONFLICT = HTTPStatus.ACCEPTED, HTTPStatus.CONFLICT
GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/demo"

type Answers = list[httpx.Response]
type Round = Callable[[System, Promises, int], None]


def many_ids_on_one_scale_set(system: System, promises: Promises, number: int) -> None:
    (scale_set,) = system.small(1)
    ids = [f"many-{number}-{caller}" for caller in range(CALLERS)]
    answers = at_once(system, [partial(system.start, scale_set, id=each) for each in ids])
    winners = _accepted(answers)
    promises.check(
        "30 ids on one scale set: one start is answered 202, the others 409",
        _shown(answers),
        holds=len(winners) == 1 and _counts(answers)[CONFLICT] == CALLERS - 1,
    )
    for winner in winners:
        _runs_to_its_end(system, promises, f"rollouts/{winner['id']}")
    _rolled_once(system, promises, scale_set)
    _is_free(system, promises, scale_set, f"many-{number}")


def one_id_on_two_scale_sets(system: System, promises: Promises, number: int) -> None:
    both, rollout_id = system.small(2), f"one-{number}"
    chosen = [both[caller % 2] for caller in range(CALLERS)]
    answers = at_once(system, [partial(system.start, each, id=rollout_id) for each in chosen])
    told = {each["scaleSet"].lower() for each in _accepted(answers)}
    promises.check(
        "one id on two scale sets: every 202 names the same scale set, the others are 409",
        _shown(answers),
        holds=len(told) == 1 and set(_counts(answers)) == {ACCEPTED, CONFLICT},
    )
    _runs_to_its_end(system, promises, f"rollouts/{rollout_id}")
    view = asked(system, f"/api/rollouts/{rollout_id}")
    promises.check(
        "one id on two scale sets: it runs on the scale set that was told",
        f"told {told}, the view says {view and view['scaleSet']}",
        holds=view is not None and {view["scaleSet"].lower()} == told,
    )
    for scale_set in both:
        if scale_set.lower() in told:
            _rolled_once(system, promises, scale_set)
        else:
            _untouched(system, promises, scale_set)
        _is_free(system, promises, scale_set, f"one-{number}")


def one_request_many_times(system: System, promises: Promises, number: int) -> None:
    (scale_set,) = system.small(1)
    rollout_id = f"same-{number}"
    answers = at_once(system, [partial(system.start, scale_set, id=rollout_id)] * CALLERS)
    promises.check(
        "the same request 30 times: each is told of the one that runs",
        _shown(answers),
        holds=set(_counts(answers)) == {ACCEPTED}
        and {each["id"] for each in _accepted(answers)} == {rollout_id},
    )
    _runs_to_its_end(system, promises, f"rollouts/{rollout_id}")
    _rolled_once(system, promises, scale_set)
    _is_free(system, promises, scale_set, rollout_id)


def overlapping_fleets(system: System, promises: Promises, number: int) -> None:
    """Two of three scale sets each, so that any two fleet rollouts share one."""
    three = system.small(3)
    pairs = [[three[caller % 3], three[(caller + 1) % 3]] for caller in range(CALLERS)]
    starts = [
        partial(
            system.start_fleet,
            [{"name": "all", "scaleSets": pair, "maxConcurrent": 2}],
            id=f"fleet-{number}-{caller}",
        )
        for caller, pair in enumerate(pairs)
    ]
    answers = at_once(system, starts)
    winners = _accepted(answers)
    promises.check(
        "fleet rollouts that overlap: one start is answered 202, the others 409",
        _shown(answers),
        holds=len(winners) == 1 and _counts(answers)[CONFLICT] == CALLERS - 1,
    )
    rolled = {
        scale_set
        for pair, answer in zip(pairs, answers, strict=True)
        if answer.status_code == ACCEPTED
        for scale_set in pair
    }
    for winner in winners:
        _runs_to_its_end(system, promises, f"fleet-rollouts/{winner['id']}")
    for scale_set in three:
        check = _rolled_once if scale_set in rolled else _untouched
        check(system, promises, scale_set)
        _is_free(system, promises, scale_set, f"fleet-{number}")


def published_image(system: System, promises: Promises, number: int) -> None:
    """One version, and thirty deliveries of its event at once."""
    image = f"{GROUP}/providers/Microsoft.Compute/galleries/soak/images/image{number}"
    version = f"{image}/versions/1.0.1"
    for each in ("1.0.0", "1.0.1"):
        system.publish(gallery="soak", image=f"image{number}", version=each)
    tags = {"rollout.follow": "current", "rollout.wave": "canary"}
    (scale_set,) = system.small(1, image={"id": f"{image}/versions/1.0.0"}, tags=tags)
    answers = at_once(system, [partial(_delivered, system, version)] * CALLERS)
    promises.check(
        "a published image 30 times: each delivery is taken",
        _shown(answers),
        holds=set(_counts(answers)) == {ACCEPTED},
    )

    def rolled() -> bool:
        ours = [
            each for each in listed(system, "/api/followed-images") if each["definition"] == image
        ]
        return bool(ours) and ours[0]["state"] == "rolled"

    over = play(system, rolled)
    rollouts = listed(system, f"/api/rollouts?scaleSet={scale_set}")
    promises.check(
        "a published image 30 times: it is rolled, by one rollout",
        f"over: {over}, rollouts: {[each['id'] for each in rollouts]}",
        holds=over and len(rollouts) == 1,
    )
    _rolled_once(system, promises, scale_set)
    _is_free(
        system, promises, scale_set, f"image-{number}", image={"id": f"{image}/versions/1.0.0"}
    )


ROUNDS: list[Round] = [
    many_ids_on_one_scale_set,
    one_id_on_two_scale_sets,
    one_request_many_times,
    overlapping_fleets,
    published_image,
]


def _accepted(answers: Answers) -> list[Json]:
    return [each.json() for each in answers if each.status_code == ACCEPTED]


def _counts(answers: Answers) -> Counter[int]:
    return Counter(each.status_code for each in answers)


def _shown(answers: Answers) -> str:
    """How often each status was answered, and the one that should not have been."""
    unexpected = [short(each) for each in answers if each.status_code not in {ACCEPTED, CONFLICT}]
    counts = ", ".join(f"{count} x {status}" for status, count in _counts(answers).items())
    return "; ".join([counts, *unexpected[:1]])


def _runs_to_its_end(system: System, promises: Promises, path: str) -> None:
    there = asked(system, f"/api/{path}")
    promises.check("whoever is told 202 exists", f"no {path}", holds=there is not None)
    over = play(system, partial(ended, system, f"/api/{path}")) if there else False
    view = asked(system, f"/api/{path}") or {}
    promises.check(
        "whoever is told 202 runs, and succeeds",
        f"{path}: ended: {over}, {view.get('phase')}, {view.get('message')}",
        holds=over and view.get("phase") == "Succeeded",
    )


def _rolled_once(system: System, promises: Promises, scale_set: str) -> None:
    truth = system.truth(scale_set)
    upgrades = [each["upgrades"] for each in truth["instances"]]
    promises.check(
        "the scale set is rolled once, and whole",
        f"{truth['name']}: upgrades {upgrades}, models {truth['models']}, {truth['violations']}",
        holds={*upgrades, truth["models"] - 1} == {1} and not truth["violations"],
    )


def _untouched(system: System, promises: Promises, scale_set: str) -> None:
    truth = system.truth(scale_set)
    upgrades = [each["upgrades"] for each in truth["instances"]]
    promises.check(
        "the scale set that nobody was promised is untouched",
        f"{truth['name']}: upgrades {upgrades}, models {truth['models']}",
        holds=set(upgrades) == {0} and truth["models"] == 1,
    )


def _is_free(
    system: System, promises: Promises, scale_set: str, name: str, image: Json | None = None
) -> None:
    """It is shown as free, and can be rolled: at once."""
    scale_set_name = scale_set.rsplit("/", maxsplit=1)[-1]
    rollout_id = f"{name}-{scale_set_name}-again"
    shown = asked(system, f"/api/scale-sets/demo/{scale_set_name}") or {}
    answer = system.start(scale_set, id=rollout_id, image=image or {"version": OLD})
    promises.check(
        "no lock is left: the scale set is shown as rollable, and can be rolled again",
        f"rollable: {shown.get('rollable')}, {shown.get('reason')}; start: {short(answer)}",
        holds=shown.get("rollable") is True and answer.status_code == ACCEPTED,
    )
    if answer.status_code == ACCEPTED:
        play(system, partial(ended, system, f"/api/rollouts/{rollout_id}"))


def _delivered(system: System, version: str) -> httpx.Response:
    """Event Grid's delivery of the event that a version was written."""
    change = Change(resource_id=version, method="PUT", correlation=guid("soak", version))
    event = resource_event(change, system.clock.now(), 1, ended=True).body
    endpoint = system.host.event_grid_url(ON_IMAGE)
    assert endpoint is not None
    return httpx.post(
        endpoint, json=[event], headers={"aeg-event-type": "Notification"}, timeout=120
    )
