"""The scale sets of a subscription, and everything users want to see of one of them."""

from compute.arm_json import every_item
from compute.client import connect
from compute.errors import explained
from compute.json_body import Body, dig, dig_list
from compute.scale_sets import reader_of
from compute.shapes import scale_set_of
from compute.waiting import waiting
from rollout.base import ArmErrorKind, ArmFailure
from rollout.inventory import (
    RollingUpgrade,
    RollingUpgradeCounts,
    ScaleSetId,
    ScaleSetSummary,
    ScaleSetView,
)
from settings import read_settings


def list_scale_sets(subscription: str, resource_group: str | None) -> list[ScaleSetSummary]:
    """Every scale set of the subscription, or of one of its resource groups, in order; each once,
    even if it moves from page to page or its id comes in two spellings.

    The paged list, all pages. Raises ArmFailure.
    """
    group = f"/resourceGroups/{resource_group}" if resource_group else ""
    sets = connect(subscription).virtual_machine_scale_sets
    with explained("list the scale sets of", f"/subscriptions/{subscription}{group}"):
        listed = sets.list(resource_group) if resource_group else sets.list_all()
        bodies = list(every_item(listed))
    once = {scale_set.id.key: scale_set for scale_set in map(scale_set_summary, bodies)}
    return sorted(once.values(), key=lambda scale_set: scale_set.order)


def list_allowed(subscription: str) -> list[ScaleSetSummary]:
    """Every scale set of the subscription that this app may roll. Raises ArmFailure."""
    groups = read_settings().scopes.groups_in(subscription)
    return [scale_set for group in groups for scale_set in _listed_if_there(subscription, group)]


def _listed_if_there(subscription: str, resource_group: str | None) -> list[ScaleSetSummary]:
    """A resource group that is in the scopes but not in Azure has no scale sets."""
    try:
        return list_scale_sets(subscription, resource_group)
    except ArmFailure as failure:
        if resource_group and failure.error.kind is ArmErrorKind.NOT_FOUND:
            return []
        raise


@waiting()
def view_scale_set(scale_set_id: ScaleSetId) -> ScaleSetView:
    """One scale set with all its instances. Raises ArmFailure, of kind not found if there is none.

    Three reads: the scale set, its instances in one paged list (a Flexible one VM by VM), and
    Azure's own latest rolling upgrade.
    """
    with explained("read", str(scale_set_id)):
        client = connect(scale_set_id.subscription)
        body = client.virtual_machine_scale_sets.get(scale_set_id.resource_group, scale_set_id.name)
    instances = reader_of(scale_set_of(scale_set_id, body), "auto").all().instances
    return ScaleSetView.made(scale_set_summary(body), instances, _rolling_upgrade(scale_set_id))


def scale_set_summary(body: Body) -> ScaleSetSummary:
    """A scale set as Azure returns it, under the id in the response."""
    properties: Body = body["properties"]
    os_profile: Body = dig(properties, "virtualMachineProfile", "osProfile") or {}
    return ScaleSetSummary.of(
        scale_set_of(ScaleSetId.parse(body["id"]), body),
        zones=dig_list(body, "zones"),
        vm_size=dig(body, "sku", "name"),
        capacity=dig(body, "sku", "capacity"),
        overprovision=properties.get("overprovision"),
        admin_user=os_profile.get("adminUsername"),
        computer_name_prefix=os_profile.get("computerNamePrefix"),
        platform_fault_domain_count=properties.get("platformFaultDomainCount"),
        tags=dict(dig(body, "tags") or {}),
    )


def rolling_upgrade_of(body: Body) -> RollingUpgrade:
    """Azure's own rolling upgrade (recorded: rollingUpgrades-latest)."""
    status: Body = dig(body, "properties", "runningStatus") or {}
    progress: Body = dig(body, "properties", "progress") or {}
    return RollingUpgrade(
        code=status.get("code") or "Unknown",
        start_time=status.get("startTime"),
        counts=RollingUpgradeCounts(
            successful=progress.get("successfulInstanceCount") or 0,
            failed=progress.get("failedInstanceCount") or 0,
            in_progress=progress.get("inProgressInstanceCount") or 0,
            pending=progress.get("pendingInstanceCount") or 0,
        ),
    )


def _rolling_upgrade(scale_set_id: ScaleSetId) -> RollingUpgrade | None:
    """None if there never was one: assumed to be a 404, which nobody has recorded."""
    try:
        with explained("read the latest rolling upgrade of", str(scale_set_id)):
            client = connect(scale_set_id.subscription)
            body = client.virtual_machine_scale_set_rolling_upgrades.get_latest(
                scale_set_id.resource_group, scale_set_id.name
            )
    except ArmFailure as failure:
        if failure.error.kind is ArmErrorKind.NOT_FOUND:
            return None
        raise
    return rolling_upgrade_of(body)
