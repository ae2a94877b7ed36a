"""A followed image: a published version is rolled once, and the newest that came meanwhile next."""

import asyncio
import time

from acceptance.app import FLEETS, ROLLOUTS, Unmet
from acceptance.calls import Json
from acceptance.promises import Verdict
from acceptance.stories.taken import is_refused
from acceptance.story import Story

_FUNCTION = "on_image_published"


async def followed_image(story: Story) -> None:
    """Published through the simulated gallery; the scale set's tag says that it follows."""
    if not any(_FUNCTION in str(subscriber) for subscriber in await story.simulated.subscribers()):
        why = f"nobody subscribed {_FUNCTION} of the app to the simulated Event Grid"
        story.promises.add(story.name, "a published image is rolled", why, Verdict.NOT_RUN)
        return
    old = await story.simulated.publish("1.0.0")
    tags = {"rollout.follow": "current", "rollout.wave": "0"}
    scale_set = await story.ground.scale_set("follow", capacity=2, image={"id": old}, tags=tags)
    await asyncio.gather(*(story.simulated.publish("1.0.1") for _ in range(3)))
    fleet = await _rolled(story, old, "1.0.1")
    await story.simulated.publish("1.0.2")
    await story.app.until(fleet, _has_rolled, "has rolled its scale set", FLEETS)
    images = await story.simulated.images(scale_set)
    story.see("the published version on every instance", images, kept=set(images) == {"1.0.1"})
    await _ended(story, fleet)
    second = await _rolled(story, old, "1.0.2")
    kept = second != fleet
    story.see("the version that came meanwhile is rolled next", f"{fleet}, {second}", kept=kept)
    await _ids_are_taken(story, old, second)
    await story.put_back(second, FLEETS)
    entry = await _followed(story, old)
    seen = f"{entry.get('version')} {entry.get('state')}"
    story.see("the image is listed with what came of it", seen, kept=seen == "1.0.2 rolled")
    newest = old.replace("1.0.0", "1.0.2")
    await story.nothing_locked(scale_set, image={"id": newest})


def _has_rolled(view: Json) -> bool:
    return view["counts"]["done"] == 1


async def _rolled(story: Story, image: str, version: str) -> str:
    """The id of the only fleet rollout of that version."""
    there = await _fleets(story, image, version)
    promised = f"published version {version} starts exactly one fleet rollout"
    story.see(promised, ", ".join(there) or "none", kept=len(there) == 1)
    if not there:
        raise Unmet(f"version {version} was not rolled: {await _followed(story, image)}")
    await story.app.appeared(there[0], FLEETS)
    return there[0]


async def _fleets(story: Story, image: str, version: str) -> list[str]:
    """Of that version, as soon as there are any."""
    wanted = image.rpartition("/")[0] + f"/{version}"
    until = time.monotonic() + story.pace.patience
    while True:
        views = await story.app.listed(FLEETS)
        there = [view["id"] for view in views if _same(view["image"].get("id"), wanted)]
        if there or time.monotonic() > until:
            return there
        await asyncio.sleep(story.pace.look)


async def _ended(story: Story, fleet: str) -> None:
    """It bakes for an hour: that is not waited for."""
    await story.app.command(fleet, "abort", FLEETS)
    await story.app.ended(fleet, FLEETS)


async def _followed(story: Story, image: str) -> Json:
    """Its line in the list, as soon as nothing of it is being rolled."""
    until = time.monotonic() + story.pace.appearance
    definition = image.rpartition("/versions/")[0]
    while True:
        lines = await story.app.listed("followed-images")
        entries = [line for line in lines if _same(line["definition"], definition)]
        entry: Json = entries[0] if entries else {}
        if entry.get("state") == "rolled" or time.monotonic() > until:
            return entry
        await asyncio.sleep(story.pace.look)


async def _ids_are_taken(story: Story, image: str, fleet: str) -> None:
    """Also the ids that the app has made itself."""
    lines = await story.app.listed("followed-images")
    definition = image.rpartition("/versions/")[0]
    follower = next(line["id"] for line in lines if _same(line["definition"], definition))
    free = await story.ground.scale_set("follow-id")
    for what, taken in (("follower", follower), ("fleet rollout", fleet)):
        request = story.held("", free) | {"id": taken.swapcase()}
        await is_refused(story, f"a rollout with the id of the {what}", request, ROLLOUTS)


def _same(found: str | None, wanted: str) -> bool:
    return (found or "").casefold() == wanted.casefold()
