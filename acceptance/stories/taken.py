"""Ids that are taken, by a thing of either kind, in any case of letters."""

from acceptance.app import ACCEPTED, CONFLICT, FLEETS, ROLLOUTS
from acceptance.calls import Json
from acceptance.story import Story, tally


async def taken_ids(story: Story) -> None:
    """An id of a rollout is taken for fleet rollouts too, and the other way round."""
    sets = [await story.ground.scale_set(f"id-{letter}") for letter in "abc"]
    rollout = await story.begun(story.held("Id-Rollout", sets[0]))
    fleet = await story.begun(story.fleet("Id-Fleet", [sets[1]], held=1), FLEETS)
    free = sets[2]
    as_rollout, as_fleet = story.held("", free), story.fleet("", [free], held=1)
    tries: list[tuple[str, Json, str, str]] = [
        ("a fleet rollout with the id of a rollout", as_fleet, FLEETS, rollout),
        ("a fleet rollout with that in other letters", as_fleet, FLEETS, rollout.swapcase()),
        ("a rollout with the id of a fleet rollout", as_rollout, ROLLOUTS, fleet),
        ("a rollout with that in other letters", as_rollout, ROLLOUTS, fleet.swapcase()),
        ("a rollout with a rollout's id in other letters", as_rollout, ROLLOUTS, rollout.upper()),
        ("a fleet rollout with a fleet's in other letters", as_fleet, FLEETS, fleet.upper()),
    ]
    for what, request, kind, taken in tries:
        await is_refused(story, what, {**request, "id": taken}, kind)
    await story.put_back(rollout)
    await story.app.command(fleet, "abort", FLEETS)
    await story.app.ended(fleet, FLEETS)
    await story.nothing_locked(*sets)


async def is_refused(story: Story, what: str, request: Json, kind: str) -> None:
    """Promises 409 for an id that is taken. What is started instead is ended, so that the next
    try finds the scale set free.
    """
    answer = await story.app.start(request, kind)
    seen = f"{request['id']}: {answer.summary}"
    story.see(f"{what} refused with 409", seen, kept=answer.status == CONFLICT)
    if answer.status == ACCEPTED and await story.app.appeared(request["id"], kind):
        await story.put_back(request["id"], kind)


async def taken_ids_at_once(story: Story) -> None:
    """A rollout and a fleet rollout with one id, in different letters, at once."""
    sets = [await story.ground.scale_set(f"mix-{letter}") for letter in "ab"]
    rollout = story.held("Mixed", sets[0])
    fleet = story.fleet("mIXED", [sets[1]], held=1)
    answers = await story.app.start_both(rollout, fleet)
    story.see(
        "a rollout and a fleet rollout with one id at once: one 202, one 409",
        tally(answers),
        kept=sorted(answer.status for answer in answers) == [ACCEPTED, CONFLICT],
    )
    for request, kind in ((rollout, ROLLOUTS), (fleet, FLEETS)):
        if await story.app.find(request["id"], kind):
            await story.put_back(request["id"], kind)
    await story.nothing_locked(*sets)
