"""What the app's identity may do with a scale set, by what Azure has granted it."""

import re
from collections.abc import Iterable

from rollout.base import MissingRight, Shown, Value
from rollout.inventory.scale_set_id import ScaleSetId, ScaleSetIdField

_SETS = "Microsoft.Compute/virtualMachineScaleSets"
_READS = (
    f"{_SETS}/read",
    f"{_SETS}/instanceView/read",
    f"{_SETS}/virtualMachines/read",
    f"{_SETS}/rollingUpgrades/read",
)
_WRITES = (
    f"{_SETS}/write",
    f"{_SETS}/manualUpgrade/action",
    f"{_SETS}/setOrchestrationServiceState/action",
)
NEEDED = (*_WRITES, *_READS)
"""What a rollout does to the scale set itself; what changes something comes first."""


class Grant(Value):
    """A role's actions without its notActions, each with * for anything."""

    actions: list[str] = []
    not_actions: list[str] = []

    def allows(self, action: str) -> bool:
        """A notAction takes away from its own role only: another grant may give the same."""
        return _in(action, self.actions) and not _in(action, self.not_actions)


class ScaleSetRights(Shown):
    """The actions that a rollout needs on a scale set and that no role gives the app's identity,
    and the command that grants the first of them. If Azure does not say, `known` is false, and
    `remark` is why.
    """

    scale_set: ScaleSetIdField
    known: bool
    missing: list[str] = []
    grant: str | None = None
    remark: str | None = None

    @classmethod
    def of(cls, scale_set: ScaleSetId, grants: Iterable[Grant]) -> "ScaleSetRights":
        given = list(grants)
        missing = [need for need in NEEDED if not any(grant.allows(need) for grant in given)]
        return cls(
            scale_set=scale_set,
            known=True,
            missing=missing,
            grant=MissingRight(missing[0], str(scale_set)).grant if missing else None,
        )

    @classmethod
    def unknown(cls, scale_set: ScaleSetId, why: str) -> "ScaleSetRights":
        return cls(scale_set=scale_set, known=False, remark=why)


def _in(action: str, patterns: Iterable[str]) -> bool:
    """Azure compares in any case of letters, and a * stands for slashes as well."""
    return any(
        re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), action, re.IGNORECASE)
        for pattern in patterns
    )
