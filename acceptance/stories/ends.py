"""How a rollout ends: on the new image, or back on the old one when that is bad."""

from acceptance.app import OK
from acceptance.ground import NEW, OLD
from acceptance.story import Story, tally


async def to_the_end(story: Story) -> None:
    """A rollout that nobody disturbs; then the same start again, and a rollback after the end."""
    scale_set = await story.ground.scale_set("whole")
    request = story.request("whole", scale_set)
    rollout = await story.begun(request)
    view = await story.app.ended(rollout)
    truth = await story.simulated.truth(scale_set)
    upgrades = [instance["upgrades"] for instance in truth["instances"]]
    images = await story.simulated.images(scale_set)
    story.see(
        "every instance on the new image, upgraded once, no rule of safety broken",
        f"{view['phase']}, {set(images)}, upgrades {upgrades}, {truth['violations'] or 'none'}",
        kept=(view["phase"], set(images), set(upgrades)) == ("Succeeded", {NEW}, {1})
        and not truth["violations"],
    )
    again = await story.app.start_at_once([request] * 5)
    kept = all(answer.status == OK for answer in again)
    story.see("the same start after success answered 200", tally(again), kept=kept)
    await story.refused(rollout, ["abort", "pause", "resume", "approve"])
    await story.said(rollout, "rollback", "RolledBack")
    await _all_back(story, scale_set)
    await story.nothing_locked(scale_set)


async def bad_image_put_back(story: Story) -> None:
    """With onFailure rollback: an image that never becomes healthy gets one batch only."""
    scale_set = await _with_bad_image(story, "bad")
    rollout = await story.begun(story.request("bad", scale_set))
    view = await story.app.ended(rollout)
    kept = view["phase"] == "RolledBack"
    story.see("a bad image put back by itself", f"{view['phase']}: {view['message']}", kept=kept)
    await _all_back(story, scale_set)
    await story.nothing_locked(scale_set)


async def bad_image_paused(story: Story) -> None:
    """With onFailure pause: it asks, and a rollback puts it back."""
    scale_set = await _with_bad_image(story, "ask")
    rollout = await story.begun(story.request("ask", scale_set, onFailure="pause"))
    view = await story.app.halted(rollout, "Paused")
    verbs = view["verbs"]
    kept = {"retry", "skip", "abort", "rollback"} <= set(verbs)
    story.see("a bad image asks what to do", f"{verbs}: {view['message']}", kept=kept)
    await story.refused(rollout, ["approve"])
    await story.said(rollout, "rollback", "RolledBack")
    await _all_back(story, scale_set)
    await story.nothing_locked(scale_set)


async def _with_bad_image(story: Story, name: str) -> str:
    scale_set = await story.ground.scale_set(name)
    await story.simulated.fault("badImage", scale_set, version=NEW)
    return scale_set


async def _all_back(story: Story, scale_set: str) -> None:
    truth = await story.simulated.truth(scale_set)
    images = set(await story.simulated.images(scale_set))
    health = {instance["health"] for instance in truth["instances"]}
    down = truth["peakDown"]
    story.see(
        "every instance back on the old image, healthy, never more than one batch down",
        f"{images}, {health}, at most {down} of 4 down, {truth['violations'] or 'none broken'}",
        kept=(images, health) == ({OLD}, {"healthy"}) and down <= 2 and not truth["violations"],  # noqa: PLR2004
    )
