"""What exists in Azure: scale sets, their instances and images, as they are at one moment.

An *inventory* is a scale set with all its instances. A *domain* is where an instance is placed; the
*heat map* draws the instances by domain.
"""

from rollout.inventory.domain import Domain, domain_of, splits_by_fault_domain
from rollout.inventory.gallery_id import GalleryId, GalleryKind
from rollout.inventory.health import (
    Health,
    HealthSource,
    UsedHealthSource,
    health_of,
    source_used,
)
from rollout.inventory.heat_map import HeatMap, Row, overlaid
from rollout.inventory.image import (
    MANAGED_IMAGE,
    Image,
    ImageChange,
    ImageKind,
    ImageRequest,
    by_number,
)
from rollout.inventory.image_choice import ImageChoice, ImageChoices, NewestImage
from rollout.inventory.image_fit import (
    UNKNOWN_TRAITS,
    ImageTraits,
    Machine,
    generation_caution,
    misfits,
    security_types,
)
from rollout.inventory.image_version import ACTIVE, ImageVersion, latest_first
from rollout.inventory.instance import Instance
from rollout.inventory.inventory import Inventory, pack_instances, unpack_instances
from rollout.inventory.listing import Listing
from rollout.inventory.manager import Manager, manager_of
from rollout.inventory.obstacle import obstacle_of
from rollout.inventory.power import power_state_of
from rollout.inventory.published_version import PublishedVersion, Region
from rollout.inventory.rights import Grant, ScaleSetRights
from rollout.inventory.scale_set import ScaleSet
from rollout.inventory.scale_set_id import SEGMENT, SUBSCRIPTION, ScaleSetId, ScaleSetIdField
from rollout.inventory.scale_set_view import (
    LastRollout,
    RollingUpgrade,
    RollingUpgradeCounts,
    ScaleSetSummary,
    ScaleSetView,
)
from rollout.inventory.scope import (
    EVERYWHERE,
    EVERYWHERE_WORD,
    NOWHERE,
    SCOPES_SETTING,
    Scopes,
)

__all__ = [
    "ACTIVE",
    "EVERYWHERE",
    "EVERYWHERE_WORD",
    "MANAGED_IMAGE",
    "NOWHERE",
    "SCOPES_SETTING",
    "SEGMENT",
    "SUBSCRIPTION",
    "UNKNOWN_TRAITS",
    "Domain",
    "GalleryId",
    "GalleryKind",
    "Grant",
    "Health",
    "HealthSource",
    "HeatMap",
    "Image",
    "ImageChange",
    "ImageChoice",
    "ImageChoices",
    "ImageKind",
    "ImageRequest",
    "ImageTraits",
    "ImageVersion",
    "Instance",
    "Inventory",
    "LastRollout",
    "Listing",
    "Machine",
    "Manager",
    "NewestImage",
    "PublishedVersion",
    "Region",
    "RollingUpgrade",
    "RollingUpgradeCounts",
    "Row",
    "ScaleSet",
    "ScaleSetId",
    "ScaleSetIdField",
    "ScaleSetRights",
    "ScaleSetSummary",
    "ScaleSetView",
    "Scopes",
    "UsedHealthSource",
    "by_number",
    "domain_of",
    "generation_caution",
    "health_of",
    "latest_first",
    "manager_of",
    "misfits",
    "obstacle_of",
    "overlaid",
    "pack_instances",
    "power_state_of",
    "security_types",
    "source_used",
    "splits_by_fault_domain",
    "unpack_instances",
]
