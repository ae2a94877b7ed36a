"""A system in which there is something to see: rollouts in every phase, fleets, followed images."""

from dataclasses import dataclass

from following import publish
from story import NEW, PLATFORM, Json, System

GALLERY = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/demo/providers"
DEFINITION = f"{GALLERY}/Microsoft.Compute/galleries/golden/images/web"


@dataclass(frozen=True)
class Furnished:
    """The ids of what there is."""

    scale_set: str
    waiting: str
    paused: str
    running: str
    failed: str
    stopped: str
    going_back: str
    aborted: str
    back: str
    done: str
    fleet: str


def furnish(system: System) -> Furnished:
    """Make it all; the time that passes meanwhile is skipped."""
    system.publish(**PLATFORM, version=NEW)
    system.subscribe()
    idle = system.scale_set(name="reports", capacity=30, zones=["1", "2", "3"], unhealthy=["4"])
    system.scale_set(name="legacy", upgradePolicy="Automatic", capacity=8)
    system.scale_set(name="workers", orchestrationMode="Flexible", capacity=6)
    _of_others(system)
    done = system.run(
        system.scale_set(name="auth", capacity=10),
        id="auth-july", by="alice@contoso.com", reason="July patches",
    )  # fmt: skip
    sick = system.scale_set(name="search", capacity=10)
    system.fault("badImage", version=NEW, scaleSet="search")
    back = system.run(sick, id="search-july", by="alice@contoso.com", reason="July patches")
    fleet = _fleet(system)
    waiting = _until(system, "web", "AwaitingApproval", canary={"instances": 1}, approval="canary")
    paused = _until(system, "cart", "Progressing")
    system.api.post(f"/api/rollouts/{paused}/pause", json={"reason": "lunch"})
    system.until(paused, lambda view: view["phase"] == "Paused")
    failed = _until(system, "checkout", "Paused", bad=True, onFailure="pause")
    aborted = _until(system, "batch", "AwaitingApproval", approval="start")
    system.api.post(f"/api/rollouts/{aborted}/abort", json={"by": "bob@contoso.com"})
    stopped = _until(system, "payments", "Failed", bad=True, onFailure="stop")
    going_back = _until(system, "mail", "RollingBack", bad=True, boot="PT30M")
    running = _running(system)
    return Furnished(
        scale_set=idle, waiting=waiting, paused=paused, running=running, failed=failed,
        stopped=stopped, going_back=going_back, aborted=aborted, back=back["id"], done=done["id"],
        fleet=fleet,
    )  # fmt: skip


def _of_others(system: System) -> None:
    """Scale sets whose images are in a gallery that is shared, and in one that is everybody's."""
    for name, field, gallery in [
        ("partner", "sharedGalleryImageId", "SharedGalleries/partners"),
        ("appliance", "communityGalleryImageId", "CommunityGalleries/vendors"),
    ]:
        kind = field.removesuffix("ImageId")
        for version in ("2.0.0", "2.1.0"):
            system.publish(**{kind: gallery.split("/")[1]}, image="base", version=version)
        image = {field: f"/{gallery}/Images/base/versions/2.0.0"}
        system.scale_set(name=name, capacity=5, image=image)


def _until(
    system: System,
    name: str,
    phase: str,
    *,
    bad: bool = False,
    boot: str = "PT30S",
    **policy: object,
) -> str:
    """A rollout in that phase; `bad` if the image makes its instances ill."""
    scale_set = system.scale_set(name=name, capacity=20, bootDuration=boot)
    if bad:
        system.fault("badImage", version=NEW, scaleSet=name)
    started = system.start(
        scale_set, id=f"{name}-cve", by="bob@contoso.com", reason="CVE-2026-1234", policy=policy
    )
    rollout_id = started.json()["id"]
    system.until(rollout_id, lambda view: view["phase"] == phase)
    return rollout_id


def _running(system: System) -> str:
    """In the middle of a batch, some of it through."""
    scale_set = system.scale_set(name="api", capacity=60, zones=["1", "2", "3"], updateDomains=5)
    rollout_id = system.start(scale_set, id="api-cve", reason="CVE-2026-1234").json()["id"]
    system.until(rollout_id, _in_the_middle)
    return rollout_id


def _in_the_middle(view: Json) -> bool:
    moves = any("u" in row["cells"] for row in view["rows"])
    return moves and view["counts"]["done"] >= 16


def _fleet(system: System) -> str:
    """One that a published image version began; its second wave waits for approval."""
    system.publish(gallery="golden", image="web", version="1.0.0")
    system.deliver()
    sets = [
        system.scale_set(
            name=f"shop-{name}", capacity=4, updateDomains=2,
            image={"id": f"{DEFINITION}/versions/1.0.0"},
            tags={"rollout.follow": "current", "rollout.wave": wave},
        )
        for name, wave in [("canary", "canary"), ("east", "prod"), ("west", "prod")]
    ]  # fmt: skip
    publish(system, "web", "1.0.1")
    [follower] = system.api.get("/api/followed-images").json()
    system.finish_fleet(follower["fleetRolloutId"])
    waves = [
        {"name": "canary", "scaleSets": sets[:1], "bakeAfter": "PT10M"},
        {"name": "prod", "scaleSets": sets[1:], "approval": "before", "maxConcurrent": 2},
    ]
    image = {"id": f"{DEFINITION}/versions/1.0.0"}
    started = system.start_fleet(waves, id="shop-back", image=image, by="bob@contoso.com")
    fleet_id = started.json()["id"]
    system.fleet_until(fleet_id, lambda view: view["phase"] == "AwaitingApproval")
    return fleet_id
