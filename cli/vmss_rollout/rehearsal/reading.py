"""What is rehearsed: a copy of a scale set and a request, read by the app or from files."""

from dataclasses import dataclass

from vmss_rollout import images
from vmss_rollout.command_error import UsageError
from vmss_rollout.paths import ROLLOUTS
from vmss_rollout.rehearsal.copied import Copied, version_of
from vmss_rollout.rehearsal.from_app import copied_from_app
from vmss_rollout.rehearsal.from_files import Files, copied_from_files
from vmss_rollout.session import Session
from vmss_rollout.values import Json, part, text


@dataclass(frozen=True)
class Reading:
    """`plan` is the app's own plan of the real scale set; {} offline."""

    copied: Copied
    image: Json
    """The image to roll to, with its version, as the API names images."""
    policy: Json
    plan: Json


def through_app(session: Session, request: Json) -> Reading:
    """Its plan, which refuses what the start would refuse, and a GET of the scale set."""
    plan = session.client.plan(f"{ROLLOUTS}/plan", request)
    copied = copied_from_app(session, text(request, "scaleSet"))
    target = part(part(plan, "image"), "to") or part(request, "image")
    return Reading(copied, target, part(request, "policy"), plan)


def offline(files: Files, name: str, typed: str, policy: Json) -> Reading:
    """From files alone."""
    copied = copied_from_files(files, name)
    return Reading(copied, _image(copied, typed), policy, {})


def _image(copied: Copied, typed: str) -> Json:
    image = images.requested(typed)
    if text(image, "version").casefold() == "latest":
        raise UsageError("Offline nobody knows which version is the latest.", "Name the version.")
    bare = image.keys() == {"version"}
    if bare and not (text(copied.image, "publisher") or "/images/" in text(copied.image, "id")):
        raise UsageError(
            f"The model names no image that '{typed}' could be a version of.", "Name the image."
        )
    return version_of(copied.image, text(image, "version")) if bare else image
