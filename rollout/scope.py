"""Where in Azure this app may roll: subscriptions and resource groups, by their ARM ids."""

import re
import string
from dataclasses import dataclass

from rollout.problem import ArmError, ArmErrorKind, Problem
from rollout.scale_set_id import SEGMENT, SUBSCRIPTION

SETTING = "ROLLOUT_SCOPES"
_SCOPE = re.compile(
    rf"/subscriptions/{SUBSCRIPTION}(?:/resourceGroups/{SEGMENT})?/?", re.IGNORECASE
)
_FOLDED = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_CLIMBING = {".", ".."}


def _parts(path: str) -> list[str]:
    """The names in a path. Azure compares them without case; we do so for A to Z only, because
    other ways to fold letters would take two groups for one ("ß" is not "ss" to Azure).
    """
    return path.translate(_FOLDED).strip("/").split("/")


@dataclass(frozen=True)
class Scopes:
    """ARM ids of subscriptions or resource groups; none at all means everywhere."""

    ids: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Scopes":
        """Ids with commas between them. Raises ValueError that says how to set it."""
        ids = [one.strip() for one in text.split(",") if one.strip()]
        wrong = [one for one in ids if not _SCOPE.fullmatch(one)]
        if wrong or not ids:
            raise ValueError(
                f"{wrong[0] if wrong else text!r} is not the ARM id of a subscription or a "
                "resource group: set it to such ids with commas between them, for example "
                "/subscriptions/{id},/subscriptions/{id}/resourceGroups/{group}, or leave it out "
                "to allow every scale set that the app's identity can reach"
            )
        return cls(tuple(one.rstrip("/") for one in ids))

    def cover(self, path: str) -> bool:
        """Whether that resource lies within one of them: on whole names, never by climbing."""
        parts = _parts(path)
        if not self.ids:
            return True
        if not _CLIMBING.isdisjoint(parts):
            return False
        return any(parts[: len(scope)] == scope for scope in map(_parts, self.ids))

    def groups_in(self, subscription: str) -> list[str | None]:
        """What can be listed of a subscription: None for all of it, or the names of its resource
        groups that lie within.
        """
        if self.cover(f"/subscriptions/{subscription}"):
            return [None]
        parts = [_parts(one) for one in self.ids]
        mine = [part for part in parts if part[1] == subscription.lower()]
        return [part[-1] for part in mine]

    def refusal(self, resource: str) -> Problem | None:
        """Why nothing is done with it; None when it lies within."""
        if self.cover(resource):
            return None
        return Problem(
            status=403,
            title="This app may not roll there",
            detail=f"{self._outside(resource)}. Nothing was changed.",
        )

    def error(self, action: str, resource: str) -> ArmError:
        """The same for a rollout under way: it was started when the setting was another."""
        return ArmError(
            kind=ArmErrorKind.REFUSED,
            action=action,
            resource=resource,
            status=403,
            code="OutOfScope",
            message=self._outside(resource),
        )

    def _outside(self, resource: str) -> str:
        return (
            f"{resource} lies outside of the app's setting {SETTING} ({', '.join(self.ids)}): name "
            "something that lies within, or add its subscription or resource group to the setting"
        )


EVERYWHERE = Scopes()
