"""Verbs: heard, refused when they do not fit, and in the event log."""

from acceptance.calls import Json
from acceptance.ground import NEW, OLD
from acceptance.story import Story, accepted


async def abort(story: Story) -> None:
    """Pause, resume, approve, abort; and a rollback after the end."""
    scale_set = await story.ground.scale_set("verbs")
    rollout = await story.begun(story.held("verbs", scale_set))
    await story.app.halted(rollout, "AwaitingApproval")
    await story.refused(rollout, ["resume", "retry", "skip"])
    await story.said(rollout, "pause", "Paused")
    await story.refused(rollout, ["approve"])
    await story.said(rollout, "resume", "AwaitingApproval", times=1)
    view = await story.approved_once(rollout)
    done = view["counts"]["done"]
    story.see("approve upgrades one batch", f"{done} done, {view['message']}", kept=done > 0)
    await story.said(rollout, "abort", "Aborted")
    answer = await story.app.command(rollout, "abort")
    story.see("abort after an abort answered 202", answer.summary, kept=accepted(answer))
    await story.refused(rollout, ["pause", "resume", "approve", "retry", "skip"])
    await _logged(story, rollout, ["pauseRequested", "resumed", "approved", "abortRequested"])
    await story.said(rollout, "rollback", "RolledBack")
    await _runs(story, scale_set, {OLD})
    await story.nothing_locked(scale_set)


async def rollback_on_the_way(story: Story) -> None:
    """A rollback between two batches puts back what was upgraded."""
    scale_set = await story.ground.scale_set("back")
    rollout = await story.begun(story.held("back", scale_set))
    before = (await story.app.scale_set(scale_set))["imageCounts"]
    view = await story.approved_once(rollout)
    await story.said(rollout, "rollback", "RolledBack")
    after = (await story.app.scale_set(scale_set))["imageCounts"]
    moved = view["counts"]["done"]
    seen = f"{moved} had been upgraded; before {_images(before)}, after {_images(after)}"
    kept = moved > 0 and _images(after) == _images(before)
    story.see("as many instances on each image as before", seen, kept=kept)
    await _runs(story, scale_set, {OLD})
    await _logged(story, rollout, ["approved", "rollbackRequested", "rollingBack", "finished"])
    await story.nothing_locked(scale_set)


async def failed_instance_skipped(story: Story) -> None:
    """An instance whose upgrade fails is given up; the others go on."""
    scale_set, rollout = await _stuck(story, "skip")
    answer = await story.app.command(rollout, "skip")
    view = await story.app.ended(rollout)
    counts = view["counts"]
    story.see(
        "skip gives the failed instance up and goes on",
        f"{answer.summary}, {view['phase']}: {counts['done']} done, {counts['skipped']} skipped",
        kept=accepted(answer) and (view["phase"], counts["skipped"]) == ("Succeeded", 1),
    )
    await _logged(story, rollout, ["skipRequested"])
    await story.nothing_locked(scale_set)


async def failed_instance_retried(story: Story) -> None:
    """When the cause is gone, a retry upgrades the failed instance; the others go on."""
    scale_set, rollout = await _stuck(story, "retry")
    await story.simulated.clear_faults()
    answer = await story.app.command(rollout, "retry")
    view = await story.app.ended(rollout)
    story.see(
        "retry upgrades the failed instance and goes on",
        f"{answer.summary}, {view['phase']}: {view['counts']['done']} done",
        kept=accepted(answer) and (view["phase"], view["counts"]["done"]) == ("Succeeded", 10),
    )
    await _runs(story, scale_set, {NEW})
    await _logged(story, rollout, ["retryRequested"])
    await story.nothing_locked(scale_set)


async def _stuck(story: Story, name: str) -> tuple[str, str]:
    """A scale set, and its rollout that asks what to do about instance 0."""
    scale_set = await story.ground.scale_set(name, capacity=10)
    await story.simulated.fault("upgradeFails", scale_set, instanceIds=["0"])
    rollout = await story.begun(story.request(name, scale_set, onFailure="pause"))
    view = await story.app.halted(rollout, "Paused")
    verbs = view["verbs"]
    kept = {"retry", "skip", "abort", "rollback"} <= set(verbs)
    story.see("a failed upgrade asks what to do", f"{verbs}: {view['message']}", kept=kept)
    await story.refused(rollout, ["approve"])
    return scale_set, rollout


def _images(counts: list[Json]) -> list[str]:
    """Such as "4 x 14.04.201506100"."""
    named = [(count["instances"], count["image"]) for count in counts]
    return sorted(
        f"{instances} x {image['version'] or image['id'] or image['uri']}"
        for instances, image in named
    )


async def _runs(story: Story, scale_set: str, versions: set[str]) -> None:
    """Only the simulated Azure tells the truth."""
    if story.azure is None:
        return
    seen = await story.azure.images(scale_set)
    violations = (await story.azure.truth(scale_set))["violations"]
    promised = f"every instance on {', '.join(versions)}, and no rule of safety broken"
    kept = set(seen) == versions and not violations
    story.see(promised, f"{sorted(set(seen))}, {violations or 'none broken'}", kept=kept)


async def _logged(story: Story, rollout: str, kinds: list[str]) -> None:
    seen = await story.app.event_kinds(rollout)
    missing = [kind for kind in kinds if kind not in seen]
    promised = f"{', '.join(kinds)} in the event log"
    story.see(promised, f"missing: {', '.join(missing) or 'none'}", kept=not missing)
