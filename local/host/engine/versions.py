"""Which versions of orchestrations an app takes turns of.

Source: DurableTask.Core source (versioning settings, orchestration dispatcher); defaults from the
Durable extension's options.
"""

import re
from dataclasses import dataclass
from itertools import zip_longest

_NUMBERS = re.compile(r"\s*\d+(?:\s*\.\s*\d+){1,3}\s*")


@dataclass(frozen=True, slots=True)
class VersionRule:
    """`extensions.durableTask` of host.json: `defaultVersion`, `versionMatchStrategy` (None, Strict
    or CurrentOrOlder) and `versionFailureStrategy` (Reject: it stands still; or Fail).
    """

    version: str | None = None
    match: str = "CurrentOrOlder"
    failure: str = "Reject"

    def fits(self, version: str | None) -> bool:
        """Whether the app's orchestrators may run an instance of that version."""
        match self.match.lower():
            case "none":
                return True
            case "strict":
                return (version or "") == (self.version or "")
            case _:
                return _compared(version, self.version) <= 0

    def takes(self, version: str | None) -> bool:
        """Whether such an instance gets turns; it fails in the first one where it does not fit."""
        return self.fits(version) or self.failure.lower() == "fail"


def _compared(version: str | None, other: str | None) -> int:
    """Below 0 when `version` is older. What is not two to four numbers is compared as text: so "10"
    is older than "9", and "10.0" newer than "9.0".
    """
    ours, theirs = (version or "").strip(), (other or "").strip()
    if not ours or not theirs:
        return bool(ours) - bool(theirs)
    if _NUMBERS.fullmatch(ours) and _NUMBERS.fullmatch(theirs):
        return _by_number(ours, theirs)
    return (ours.upper() > theirs.upper()) - (ours.upper() < theirs.upper())


def _by_number(version: str, other: str) -> int:
    """A part that is missing is less than 0: 1.0 is older than 1.0.0."""
    parts = zip_longest(map(int, version.split(".")), map(int, other.split(".")), fillvalue=-1)
    return next((ours - theirs for ours, theirs in parts if ours != theirs), 0)
