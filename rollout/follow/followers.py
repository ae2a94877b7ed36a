"""Which scale sets follow a published image version, by their tags; which cannot, and why."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rollout.fleet import LeftOut, WaveRules
from rollout.follow.rules import FollowRules
from rollout.inventory import GalleryId, PublishedVersion, ScaleSetId, ScaleSetSummary, by_number
from rollout.plan import Policy
from rollout.run import health_flaw

FOLLOW, MODE = "rollout.follow", "rollout.follow.mode"
WAVE, POLICY = "rollout.wave", "rollout.policy"
"""Tags on a scale set; Azure compares tag names case-insensitively."""
DEFAULT_WAVE = "default"


@dataclass(frozen=True)
class Follower:
    """A scale set that follows the image."""

    scale_set: ScaleSetId
    wave: str
    policy: str
    notify: bool


@dataclass(frozen=True)
class Running:
    """What the instances of a scale set run: the highest version of the image that is followed
    (None: another image), or why that could not be read.
    """

    version: str | None = None
    unread: str = ""

    def refusal(self, version: str) -> str | None:
        """Why the scale set cannot be moved to that version; None if it can."""
        if self.unread:
            return f"which version its instances run could not be read: {self.unread}"
        if self.version and by_number(self.version) > by_number(version):
            return f"its instances run version {self.version}, and a scale set is never moved back"
        return None


@dataclass(frozen=True)
class SortedOut:
    """The followers, the scale sets that are left out, those that wait for a region, and those for
    which a newer version can be used.
    """

    followers: list[Follower]
    left_out: list[LeftOut]
    awaited: list[tuple[ScaleSetId, str]]
    outdone: list[tuple[ScaleSetId, str]]


def sorted_out(
    version: PublishedVersion,
    there: Iterable[ScaleSetSummary],
    rules: FollowRules,
    running: Mapping[str, Running] | None = None,
) -> SortedOut:
    """`running` is what the instances run where a model leaves the version open, by the keys of the
    scale sets, once it was read.
    """
    found = SortedOut([], [], [], [])
    for scale_set in there:
        match _judged(version, scale_set, rules):
            case Follower() as follower:
                ran = (running or {}).get(scale_set.id.key)
                if why := ran.refusal(version.version) if ran else None:
                    found.left_out.append(LeftOut(scale_set=scale_set.id, reason=why))
                else:
                    found.followers.append(follower)
            case _Late(location):
                found.awaited.append((scale_set.id, location))
            case _Outdone(newer):
                found.outdone.append((scale_set.id, newer))
            case str(reason):
                found.left_out.append(LeftOut(scale_set=scale_set.id, reason=reason))
            case None:
                pass
    return found


@dataclass(frozen=True)
class _Late:
    location: str


@dataclass(frozen=True)
class _Outdone:
    newer: str


def version_open(scale_set: ScaleSetSummary) -> bool:
    """Whether its model names a gallery image without a version: what its instances run is only
    known of themselves.
    """
    current = GalleryId.parse(scale_set.image.id if scale_set.image else None)
    return current is not None and current.open


def _judged(
    version: PublishedVersion, scale_set: ScaleSetSummary, rules: FollowRules
) -> Follower | _Late | _Outdone | str | None:
    """A follower; a scale set whose region is still awaited, or that can have a newer version; why
    it is left out; or None if it does not follow this image, or its model already has the version.
    """
    tags = {name.casefold(): value.strip() for name, value in scale_set.tags.items()}
    wanted = tags.get(FOLLOW)
    if not wanted:
        return None
    mine = GalleryId.parse(version.id)
    current = GalleryId.parse(scale_set.image.id if scale_set.image else None)
    followed = current if wanted.casefold() == "current" else GalleryId.parse(wanted)
    if followed is None and wanted.casefold() != "current":
        return (
            f"its tag {FOLLOW} is {wanted[:200]!r}: set it to current, or to the id of a gallery "
            "image definition"
        )
    if not (mine and followed and followed.definition.casefold() == mine.definition.casefold()):
        return None
    same = current is not None and current.definition.casefold() == mine.definition.casefold()
    runs = current.version if current and same and not current.open else None
    return None if runs == version.version else _behind(version, scale_set, tags, rules, runs)


def _behind(
    version: PublishedVersion,
    scale_set: ScaleSetSummary,
    tags: dict[str, str],
    rules: FollowRules,
    runs: str | None,
) -> Follower | _Late | _Outdone | str:
    """One that follows this image, and whose model has another version, `runs`, or none."""
    if runs and by_number(runs) > by_number(version.version):
        return f"its model names version {runs} already, and a scale set is never moved back"
    if newer := version.outdone_in(_location(scale_set)):
        return _Outdone(newer)
    unfit = _tagged(tags, rules) or _unfit(scale_set, tags, rules)
    return unfit or _placed(version, scale_set, tags)


def _tagged(tags: dict[str, str], rules: FollowRules) -> str | None:
    """What is wrong with its other tags."""
    preset, wave, mode = (tags.get(name, "") for name in (POLICY, WAVE, MODE))
    if preset and preset not in rules.policies:
        known = ", ".join(rules.policies) or "none"
        return f"its tag {POLICY} is {preset[:50]!r}, and the policies of the app are: {known}"
    if mode.casefold() not in {"", "notify", "roll"}:
        return f"its tag {MODE} is {mode[:50]!r}: set it to notify, or leave it out"
    if wave and wave_of(wave, rules) is None:
        known = ", ".join(rule.name for rule in rules.waves) or "of letters, digits, . _ and -"
        return f"its tag {WAVE} is {wave[:50]!r}, and waves are: {known}"
    return None


def _unfit(scale_set: ScaleSetSummary, tags: dict[str, str], rules: FollowRules) -> str | None:
    """Why a rollout of the scale set would be refused."""
    if scale_set.upgrade_policy.mode.casefold() != "manual":
        mode_now = scale_set.upgrade_policy.mode
        return f"its upgrade policy is {mode_now}: set upgradePolicy.mode to Manual"
    if scale_set.lasting:
        return scale_set.reason
    policy = rules.policies.get(tags.get(POLICY, ""), Policy())
    flaw = health_flaw(policy, scale_set.health_source)
    return f"the health source of its policy {flaw}" if flaw else None


def _placed(
    version: PublishedVersion, scale_set: ScaleSetSummary, tags: dict[str, str]
) -> Follower | _Late | str:
    """By the version's state in the scale set's region."""
    location = _location(scale_set)
    region = version.region(location)
    if region is None:
        return f"version {version.version} does not go to {location}: add the region to it"
    if version.excluded_in(location):
        return f"version {version.version} is excluded from latest in {location}"
    if region.replication == "Failed":
        return f"the replication of version {version.version} to {location} has failed"
    if region.replication not in {None, "Completed"}:
        return _Late(location)
    return Follower(
        scale_set=scale_set.id,
        wave=tags.get(WAVE, ""),
        policy=tags.get(POLICY, ""),
        notify=tags.get(MODE, "").casefold() == "notify",
    )


def _location(scale_set: ScaleSetSummary) -> str:
    return scale_set.location.replace(" ", "").casefold()


_WAVE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._\-]{0,49}")


def wave_of(name: str, rules: FollowRules) -> WaveRules | None:
    """The wave that a tag names; without a tag, the last one: no scale set is first by default."""
    if rules.waves:
        by_name = {wave.name.casefold(): wave for wave in rules.waves}
        return by_name.get(name.casefold()) if name else rules.waves[-1]
    if not name:
        return rules.wave(DEFAULT_WAVE)
    return rules.wave(name.lower()) if _WAVE_NAME.fullmatch(name) else None
