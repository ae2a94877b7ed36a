"""What the instances run of a scale set whose model leaves the version of its image open."""

from compute.instances import InstanceReader
from rollout.base import ArmErrorKind, ArmFailure
from rollout.follow import Running
from rollout.inventory import GalleryId, ScaleSetSummary, by_number


def running(scale_set: ScaleSetSummary, version_id: str) -> Running:
    """The highest version that its instances run of the image of that version; or that it cannot
    be read, for a reason that stays. Raises ArmFailure if it cannot be read now.

    One paged list; a Flexible scale set VM by VM.
    """
    flexible = scale_set.orchestration_mode.casefold() == "flexible"
    try:
        instances = InstanceReader(scale_set.id, "auto", flexible=flexible).all(()).instances
    except ArmFailure as failure:
        if failure.error.kind not in {ArmErrorKind.REFUSED, ArmErrorKind.NOT_FOUND}:
            raise
        return Running(unread=str(failure.error))
    images = [GalleryId.parse(instance.image.id) for instance in instances if instance.image]
    mine = GalleryId.parse(version_id)
    versions = [
        image.version
        for image in images
        if image and image.version and mine
        and image.definition.casefold() == mine.definition.casefold()
    ]  # fmt: skip
    return Running(version=max(versions, key=by_number, default=None))
