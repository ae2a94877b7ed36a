"""Fleet rollouts: two waves, verbs, ids and scale sets that are taken."""

from acceptance.app import ACCEPTED, CONFLICT, FLEETS, OK
from acceptance.calls import Answer, Json
from acceptance.ground import NEW, OLD
from acceptance.story import Story, accepted, names_it, tally

_FLEETS = 10


async def fleet_of_two_waves(story: Story) -> None:
    """The second wave is approved; then the same start again, and a rollback after the end."""
    first, second, request = await _two_waves(story, "fleet")
    answers = await story.app.start_at_once([request] * _FLEETS, FLEETS)
    ids = {answer.body["id"] for answer in answers if names_it(answer)}
    kept = all(a.status == ACCEPTED for a in answers) and ids == {request["id"]}
    promised = f"the same fleet rollout {_FLEETS} times at once answered 202 each time"
    story.see(promised, f"{tally(answers)}, told of {ids}", kept=kept)
    fleet = request["id"]
    await _taken(story, request, second)
    await _at_second_wave(story, fleet)
    await _run(story, first, second, (NEW, OLD))
    await story.refused(fleet, ["resume"], FLEETS)
    answer = await story.app.command(fleet, "approve", FLEETS)
    view = await story.app.ended(fleet, FLEETS)
    seen = f"{answer.summary}, {view['phase']}: {view['message']}"
    kept = accepted(answer) and view["phase"] == "Succeeded"
    story.see("approve begins the second wave, and it succeeds", seen, kept=kept)
    await _run(story, first, second, (NEW, NEW))
    answer = await story.app.start(request, FLEETS)
    kept = answer.status == OK
    story.see("the same start after the end answered 200", answer.summary, kept=kept)
    await story.said(fleet, "rollback", "RolledBack", FLEETS)
    await _run(story, first, second, (OLD, OLD))
    await story.nothing_locked(first, second)


async def fleet_aborted(story: Story) -> None:
    """An abort between two waves leaves the first on the new image, the second untouched."""
    first, second, request = await _two_waves(story, "abort")
    fleet = await story.begun(request, FLEETS)
    await _at_second_wave(story, fleet)
    await story.said(fleet, "abort", "Aborted", FLEETS)
    await _run(story, first, second, (NEW, OLD))
    await story.refused(fleet, ["pause", "approve"], FLEETS)
    await story.said(fleet, "rollback", "RolledBack", FLEETS)
    await _run(story, first, second, (OLD, OLD))
    await story.nothing_locked(first, second)


async def fleet_put_back_on_the_way(story: Story) -> None:
    """Pause, resume, and a rollback between two waves."""
    first, second, request = await _two_waves(story, "halfway")
    fleet = await story.begun(request, FLEETS)
    await _at_second_wave(story, fleet)
    await story.said(fleet, "pause", "Paused", FLEETS)
    await story.said(fleet, "resume", "AwaitingApproval", FLEETS, times=1)
    await story.said(fleet, "rollback", "RolledBack", FLEETS)
    await _run(story, first, second, (OLD, OLD))
    await story.nothing_locked(first, second)


async def fleets_at_once(story: Story) -> None:
    """Of several fleet rollouts of one scale set at once, one wins; of two with one id, one."""
    scale_set, other = [await story.ground.scale_set(f"many-{letter}") for letter in "ab"]
    requests = [story.fleet(f"many-{number}", [scale_set], held=1) for number in range(_FLEETS)]
    promised = f"of {_FLEETS} fleet rollouts of one scale set at once exactly one 202, else 409"
    await _single_winner(story, requests, promised)
    twins = [story.fleet("many-twin", [member], held=1) for member in (scale_set, other)]
    await _single_winner(story, twins, "one id for two fleet rollouts at once: one 202, one 409")
    await story.nothing_locked(scale_set, other)


async def _single_winner(story: Story, requests: list[Json], promised: str) -> None:
    answers = await story.app.start_at_once(requests, FLEETS)
    winners = _promised(requests, answers)
    refused = all(answer.status in {ACCEPTED, CONFLICT} for answer in answers)
    story.see(promised, tally(answers), kept=len(winners) == 1 and refused)
    there = [fleet for fleet in dict.fromkeys(winners) if await story.app.appeared(fleet, FLEETS)]
    named = {answer.rollout_id for answer in answers if answer.status == CONFLICT}
    seen = f"told 202: {winners}, of these exist: {there}, the others are told of: {named}"
    kept = there == winners and named == set(there)
    story.see("whoever is told 202 exists, and the others are told of it", seen, kept=kept)
    for fleet in there:
        await story.app.command(fleet, "abort", FLEETS)
        await story.app.ended(fleet, FLEETS)


def _promised(requests: list[Json], answers: list[Answer]) -> list[str]:
    pairs = zip(requests, answers, strict=True)
    return [request["id"] for request, answer in pairs if answer.status == ACCEPTED]


async def _two_waves(story: Story, name: str) -> tuple[str, str, Json]:
    first, second = [await story.ground.scale_set(f"{name}-{letter}") for letter in "ab"]
    return first, second, story.fleet(f"{name}-fleet", [first, second], held=2)


async def _at_second_wave(story: Story, fleet: str) -> None:
    """An approval is asked for when the first wave is done."""
    view = await story.app.halted(fleet, "AwaitingApproval", FLEETS)
    done = [wave["counts"]["done"] for wave in view["waves"]]
    story.see("the second wave waits to be approved", f"done by wave: {done}", kept=done == [1, 0])


async def _taken(story: Story, request: Json, scale_set: str) -> None:
    """While it runs, its id and its scale sets are taken."""
    fleet = request["id"]
    other = await story.app.start({**request, "reason": "another request"}, FLEETS)
    kept = (other.status, other.rollout_id) == (CONFLICT, fleet)
    story.see("the id with another request refused with 409", other.summary, kept=kept)
    overlap = await story.app.start(story.fleet("overlap", [scale_set], held=1), FLEETS)
    kept = (overlap.status, overlap.rollout_id) == (CONFLICT, fleet)
    seen = f"{overlap.summary}, {overlap.rollout_id}"
    story.see("a fleet rollout that overlaps refused with 409, naming it", seen, kept=kept)


async def _run(story: Story, first: str, second: str, versions: tuple[str, str]) -> None:
    """What the instances of both scale sets run."""
    images = [set(await story.simulated.images(scale_set)) for scale_set in (first, second)]
    kept = images == [{version} for version in versions]
    story.see(f"the scale sets on {' and '.join(versions)}", images, kept=kept)
