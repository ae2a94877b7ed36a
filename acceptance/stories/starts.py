"""Starts: of any number at once exactly one wins, and whoever is told 202 exists."""

import asyncio

from acceptance.app import ACCEPTED, CONFLICT, OK, ROLLOUTS
from acceptance.calls import Answer, Json
from acceptance.story import STARTS, Story, names_it, tally

_PAIRS = 3


async def plan(story: Story) -> None:
    """A plan says what would happen, and changes nothing."""
    scale_set = await story.ground.scale_set("plan")
    before = await story.app.scale_set(scale_set)
    answer = await story.app.calls.post("/rollouts/plan", story.request("plan", scale_set))
    body = answer.fields
    seen = f"{answer.summary}, {len(body.get('batches', []))} batches, {body.get('fingerprint')}"
    story.see("a plan with a fingerprint (200)", seen, kept=bool(body.get("fingerprint")))
    after = await story.app.scale_set(scale_set)
    there = await story.app.find(story.id("plan"))
    same = before["image"] == after["image"] and before["imageCounts"] == after["imageCounts"]
    story.see(
        "that the plan changes nothing",
        f"the model names {after['image']}, a rollout {'exists' if there else 'does not exist'}",
        kept=same and there is None and not after["rolloutId"],
    )


async def simultaneous_starts(story: Story) -> None:
    """30 ids on one scale set: one rollout, and nobody is promised another."""
    scale_set = await story.ground.scale_set("at-once")
    requests = [story.held(f"at-once-{number}", scale_set) for number in range(STARTS)]
    answers = await story.app.start_at_once(requests)
    promised = [r["id"] for r, a in zip(requests, answers, strict=True) if a.status == ACCEPTED]
    story.see(
        f"of {STARTS} starts at once exactly one 202, the others 409",
        tally(answers),
        kept=len(promised) == 1 and all(a.status in {ACCEPTED, CONFLICT} for a in answers),
    )
    views = await asyncio.gather(*(story.app.appeared(rollout) for rollout in promised))
    there = [view["id"] for view in views if view]
    seen = f"{len(promised)} told 202, {len(there)} of these exist: {', '.join(there)}"
    story.see("whoever is told 202 exists", seen, kept=len(there) == len(promised))
    named = {answer.rollout_id for answer in answers if answer.status == CONFLICT}
    seen = f"named: {', '.join(map(str, named)) or 'nobody'}"
    story.see("each 409 names the rollout that runs", seen, kept=named == set(there))
    others = [request["id"] for request in requests if request["id"] not in promised]
    found = [view["id"] for rollout in others if (view := await story.app.find(rollout))]
    seen = f"{len(others)} were refused, {len(found)} of these exist {found or ''}"
    story.see("whoever is refused does not exist", seen, kept=not found)
    for rollout in {*there, *found}:
        await story.put_back(rollout)
    await story.nothing_locked(scale_set)


async def same_start(story: Story) -> None:
    """The same start 30 times: one rollout, and everybody is told of it; also after its end."""
    scale_set = await story.ground.scale_set("same")
    request = story.held("same", scale_set)
    answers = await story.app.start_at_once([request] * STARTS)
    story.see(
        f"the same start {STARTS} times at once answered 202 each time",
        tally(answers),
        kept=all(answer.status == ACCEPTED for answer in answers),
    )
    await story.app.appeared(request["id"])
    await _is_single(story, scale_set, request, answers)
    answer = await story.app.start({**request, "reason": "another request"})
    seen = f"{answer.summary}, {answer.rollout_id}"
    kept = answer.status == CONFLICT and answer.rollout_id == request["id"]
    story.see("the id with another request refused with 409, naming it", seen, kept=kept)
    view = await story.put_back(request["id"])
    again = await story.app.start_at_once([request] * 5)
    seen = f"it ended {view['phase']}; {tally(again)}"
    kept = all(answer.status == OK for answer in again)
    story.see("the same start after the end answered 200, and nothing new", seen, kept=kept)
    await _is_single(story, scale_set, request, again)
    await story.nothing_locked(scale_set)


async def _is_single(story: Story, scale_set: str, request: Json, answers: list[Answer]) -> None:
    ids = {answer.body["id"] for answer in answers if names_it(answer)}
    rollouts = await story.app.listed(ROLLOUTS, scaleSet=scale_set)
    known = [view["id"] for view in rollouts if view["id"] == request["id"]]
    running = [view["id"] for view in rollouts if view["finishedAt"] is None]
    seen = f"{len(known)} of that id in the list, told of {ids}, not ended: {running or 'none'}"
    kept = ids == {request["id"]} and len(known) == 1 and set(running) <= ids
    story.see("all are told of the same rollout, and there is one", seen, kept=kept)


async def one_id_two_scale_sets(story: Story) -> None:
    """One id for two scale sets at once: one rollout; the other scale set is not touched."""
    pairs = [
        [await story.ground.scale_set(f"twin-{number}{side}") for side in "ab"]
        for number in range(_PAIRS)
    ]
    requests = [
        [story.held(f"twin-{number}", scale_set) for scale_set in pair]
        for number, pair in enumerate(pairs)
    ]
    answers = await asyncio.gather(*(story.app.start_at_once(pair) for pair in requests))
    story.see(
        "one id for two scale sets at once: one 202 and one 409, each time",
        "; ".join(tally(pair) for pair in answers),
        kept=all(sorted(a.status for a in pair) == [ACCEPTED, CONFLICT] for pair in answers),
    )
    for pair, replies in zip(requests, answers, strict=True):
        await _has_its_scale_set(story, pair, replies)
    await story.nothing_locked(*(scale_set for pair in pairs for scale_set in pair))


async def _has_its_scale_set(story: Story, pair: list[Json], answers: list[Answer]) -> None:
    view = await story.app.appeared(pair[0]["id"])
    rolled = view["scaleSet"] if view else "none"
    promised = [
        request["scaleSet"]
        for request, answer in zip(pair, answers, strict=True)
        if answer.status == ACCEPTED
    ]
    seen = f"told 202: {_names(promised)}; it rolls {_names([rolled])}"
    story.see("the rollout has the scale set that was told 202", seen, kept=promised == [rolled])
    if view:
        await story.put_back(view["id"])


def _names(scale_sets: list[str]) -> str:
    return ", ".join(scale_set.rpartition("/")[2] for scale_set in scale_sets) or "nobody"
