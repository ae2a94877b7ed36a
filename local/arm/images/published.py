"""What can be published for scale sets to run: `POST /_sim/images`, or declared from Python."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from local.arm.base import SUBSCRIPTION, Declared, Duration, is_object, resource_id

type ReplicationState = Literal["Completed", "Replicating", "Failed", "Unknown"]
type ProvisioningState = Literal["Creating", "Updating", "Failed", "Succeeded", "Deleting"]


def _named(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


class TargetRegion(Declared):
    """A region a gallery image version is replicated to; a bare name will do."""

    name: str
    exclude_from_latest: bool | None = None
    """What the region says takes precedence over what the version says (documented)."""
    state: ReplicationState = "Completed"
    """How the replication to it ends, or that it does not."""
    replication_duration: Duration | None = None
    """None: as long as the version says."""
    progress: int = Field(default=0, ge=0, lt=100)
    """Percent, while it is Replicating."""

    @property
    def location(self) -> str:
        """Its name in the form that resources use: "westus" for "West US"."""
        return _location(self.name)


type TargetRegions = tuple[Annotated[TargetRegion, BeforeValidator(_named)], ...]


class MarketplacePlan(Declared):
    """The plan of a Marketplace image."""

    publisher: str
    product: str
    name: str


class Traits(Declared):
    """What an image is made for; in a gallery, the first version says it for its definition."""

    os_type: Literal["Linux", "Windows"] = "Linux"
    os_disk_gb: int = Field(default=30, ge=1)
    """The size of the OS disk: of each version its own."""
    hyper_v_generation: Literal["V1", "V2"] = "V1"
    architecture: Literal["x64", "Arm64"] = "x64"
    security_type: str | None = None
    """The value of the feature SecurityType, such as TrustedLaunchSupported; None: Standard."""
    os_state: Literal["Generalized", "Specialized"] = "Generalized"
    plan: MarketplacePlan | None = None

    @property
    def security_types(self) -> frozenset[str]:
        """The security types of the VMs that it can become."""
        only = {"TrustedLaunch": {"TrustedLaunch"}, "ConfidentialVM": {"ConfidentialVM"}}
        more = {name for name in ("TrustedLaunch", "ConfidentialVM") if self._supports(name)}
        return frozenset(only.get(self.security_type or "", {"Standard", *more}))

    def _supports(self, name: str) -> bool:
        feature = (self.security_type or "").lower()
        return feature.endswith("supported") and name.lower() in feature


class PlatformImage(Traits):
    """A version of a platform image, available in every location."""

    publisher: str
    offer: str
    sku: str
    version: str
    image_state: Literal["Active", "ScheduledForDeprecation", "Deprecated"] = "Active"
    scheduled_deprecation_time: str | None = None

    @property
    def identity(self) -> str:
        return f"{self.publisher}:{self.offer}:{self.sku}:{self.version}"


class _Replicated(Traits):
    """A version of a gallery image, in any kind of gallery."""

    image: str
    version: str
    location: str = "westus"
    exclude_from_latest: bool = False
    end_of_life_date: str | None = None
    provisioning_state: ProvisioningState = "Succeeded"
    target_regions: TargetRegions = (TargetRegion(name="West US"),)

    def region(self, location: str) -> TargetRegion | None:
        """The target region meant by a location, "West US" being "westus"."""
        wanted = _location(location)
        return next((region for region in self.target_regions if region.location == wanted), None)

    def serves(self, location: str) -> bool:
        """Whether scale sets in that location can use it."""
        region = self.region(location)
        replicated = region is not None and region.state == "Completed"
        return replicated and self.provisioning_state == "Succeeded"

    def excluded_from_latest(self, location: str) -> bool:
        """What the region says, or else the version."""
        region = self.region(location)
        regional = region.exclude_from_latest if region else None
        return self.exclude_from_latest if regional is None else regional

    def counts_for_latest(self, location: str) -> bool:
        """Whether `latest` may mean it there."""
        return self.serves(location) and not self.excluded_from_latest(location)


class GalleryVersion(_Replicated):
    """A gallery image version; publishing the first one defines the gallery and the image."""

    gallery: str
    subscription: str = SUBSCRIPTION
    resource_group: str = "demo"
    tags: dict[str, str] = {}
    source: str | None = None
    """The ARM id of what it was made from; None for a managed image of the definition's name."""
    replica_count: int = Field(default=1, ge=1, le=100)
    creation_duration: Duration = timedelta(0)
    """From a write to its end: it is Creating or Updating until then."""
    replication_duration: Duration = timedelta(0)
    """From the write that names a region to the version being there. In Azure the write ends with
    it (recorded: 7 minutes from the PUT); here it may take longer, because nobody has recorded that
    it never does.
    """

    @property
    def definition_id(self) -> str:
        path = ("galleries", self.gallery, "images", self.image)
        return resource_id(self.subscription, self.resource_group, *path)

    @property
    def identity(self) -> str:
        return f"{self.definition_id}/versions/{self.version}"


class _OfOthers(_Replicated):
    """A version in someone else's gallery."""

    soft_deleted_until: str | None = None
    """Set when the owner has deleted it: until when it is available, by its version only; `latest`
    no longer means it (the SDK's description; nobody has recorded it).
    """

    def counts_for_latest(self, location: str) -> bool:
        return self.soft_deleted_until is None and super().counts_for_latest(location)


class SharedVersion(_OfOthers):
    """A version of an image in a gallery that somebody shares with this tenant or subscription."""

    shared_gallery: str
    """The gallery's unique name."""

    @property
    def definition_id(self) -> str:
        return f"/SharedGalleries/{self.shared_gallery}/Images/{self.image}"

    @property
    def identity(self) -> str:
        return f"{self.definition_id}/Versions/{self.version}"


class CommunityVersion(_OfOthers):
    """A version of an image in a community gallery."""

    community_gallery: str
    """The gallery's public name."""

    @property
    def definition_id(self) -> str:
        return f"/CommunityGalleries/{self.community_gallery}/Images/{self.image}"

    @property
    def identity(self) -> str:
        return f"{self.definition_id}/Versions/{self.version}"


type AnyGalleryVersion = GalleryVersion | SharedVersion | CommunityVersion


class ManagedImage(Traits):
    """A managed image."""

    name: str
    subscription: str = SUBSCRIPTION
    resource_group: str = "demo"
    location: str = "westus"
    provisioning_state: ProvisioningState = "Succeeded"

    @property
    def identity(self) -> str:
        return resource_id(self.subscription, self.resource_group, "images", self.name)


class Vhd(Declared):
    """An unmanaged VHD blob."""

    uri: str = Field(pattern=r"^https?://")

    @property
    def identity(self) -> str:
        return self.uri


type Published = PlatformImage | AnyGalleryVersion | ManagedImage | Vhd

_KIND_BY_FIELD: dict[str, type[Published]] = {
    "publisher": PlatformImage,
    "gallery": GalleryVersion,
    "sharedGallery": SharedVersion,
    "communityGallery": CommunityVersion,
    "uri": Vhd,
    "name": ManagedImage,
}


def published_from_json(body: Any) -> Published:
    """Read a declaration; its kind follows from its fields. Raises pydantic.ValidationError."""
    fields = body if is_object(body) else {}
    kind = next((kind for field, kind in _KIND_BY_FIELD.items() if field in fields), PlatformImage)
    return kind.from_json(body)


def _location(name: str) -> str:
    return name.replace(" ", "").lower()
