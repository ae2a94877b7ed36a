"""Images a scale set cannot be moved to: refused before anything is changed."""

from typing import Any

import pytest
from story import System

SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
COMPUTE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/demo/providers/Microsoft.Compute"
FORMS = {
    "id": (f"{COMPUTE}/galleries/refused/images/api", {"gallery": "refused"}),
    "sharedGalleryImageId": ("/SharedGalleries/refused/Images/api", {"sharedGallery": "refused"}),
    "communityGalleryImageId": (
        "/CommunityGalleries/refused/Images/api",
        {"communityGallery": "refused"},
    ),
}
REPLICATING = {"targetRegions": [{"name": "West US", "state": "Replicating"}]}


def refused(system: System, scale_set: str, image: str) -> str:
    """Why the plan and the start of a rollout to that image are refused; nothing was changed."""
    system.azure.delete("/_sim/requests")
    body = {"scaleSet": scale_set, "image": {"id": image}}
    planned, started = (
        system.api.post(f"/api/rollouts{call}", json=body) for call in ("/plan", "")
    )
    assert planned.json() == started.json()
    assert (started.status_code, started.json()["errors"][0]["path"]) == (404, "image")
    assert {one["method"] for one in system.requests()} == {"GET"}
    return started.json()["detail"]


@pytest.mark.parametrize("field", FORMS)
@pytest.mark.parametrize(
    ("version", "flaw"),
    [
        ("3.0.1", {"excludeFromLatest": True}),
        ("3.0.2", {"targetRegions": ["North Europe"]}),
        ("3.0.3", REPLICATING),
        ("3.0.4", {"provisioningState": "Failed"}),
        ("3.0.5", None),
    ],
    ids=["excluded", "in another region", "replicating", "failed", "missing"],
)
def test_a_version_that_cannot_be_used_changes_nothing(
    system: System, field: str, version: str, flaw: dict[str, Any] | None
) -> None:
    """Others' galleries show only what is ready in the region: the rest is not found there."""
    definition, gallery = FORMS[field]
    old = system.publish(**gallery, image="api", version="2.0.0")
    if flaw is not None:
        system.publish(**gallery, image="api", version=version, **flaw)
    scale_set = system.scale_set(capacity=5, image={field: old})
    detail = refused(system, scale_set, f"{definition}/versions/{version}")
    excluded = flaw == {"excludeFromLatest": True}
    own = {
        "3.0.2": "is not replicated to westus",
        "3.0.3": "its replication to westus is Replicating",
        "3.0.4": "is Failed, not Succeeded",
    }
    listed = own.get(version) if field == "id" else None
    assert (listed or ("is excluded from latest" if excluded else "was not found")) in detail
    assert "Nothing was changed" in detail


@pytest.mark.parametrize("field", FORMS)
def test_a_gallery_image_without_any_usable_version_changes_nothing(
    system: System, field: str
) -> None:
    definition, gallery = FORMS[field]
    old = system.publish(**gallery, image="api", version="2.0.0")
    system.publish(**gallery, image="hidden", version="1.0.0", excludeFromLatest=True)
    scale_set = system.scale_set(capacity=5, image={field: old})
    hidden = definition.replace("/api", "/hidden")
    assert "or all of them are excluded from `latest`" in refused(system, scale_set, hidden)
    assert "was not found" in refused(system, scale_set, definition.replace("/api", "/nowhere"))


def test_a_managed_image_that_failed_or_is_missing_changes_nothing(system: System) -> None:
    scale_set = system.scale_set(capacity=5, image={"id": f"{COMPUTE}/images/web-1"})
    system.publish(name="broken", provisioningState="Failed")
    assert "is Failed, not Succeeded" in refused(system, scale_set, f"{COMPUTE}/images/broken")
    assert "was not found" in refused(system, scale_set, f"{COMPUTE}/images/nowhere")
