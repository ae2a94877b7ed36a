"""Where in Azure this app may act: subscriptions and resource groups, by their ARM ids."""

from dataclasses import dataclass

from rollout.base import ArmError, ArmErrorKind, Problem, folded

SCOPES_SETTING = "ROLLOUT_SCOPES"
EVERYWHERE_WORD = "everywhere"
_CLIMBING = {".", ".."}


def _parts(path: str) -> list[str]:
    """The names in a path, as Azure compares them."""
    return folded(path).strip("/").split("/")


@dataclass(frozen=True)
class Scopes:
    """ARM ids of subscriptions or resource groups; none of them means nowhere."""

    ids: tuple[str, ...] = ()
    everywhere: bool = False
    """Whatever the app's identity can reach."""

    def cover(self, path: str) -> bool:
        """Whether that resource is inside one of them, by whole names; ".." never is."""
        parts = _parts(path)
        if self.everywhere:
            return True
        if not _CLIMBING.isdisjoint(parts):
            return False
        return any(parts[: len(scope)] == scope for scope in map(_parts, self.ids))

    def groups_in(self, subscription: str) -> list[str | None]:
        """What can be listed in a subscription: None for all of it, or the names of its resource
        groups that are in scope.
        """
        if self.cover(f"/subscriptions/{subscription}"):
            return [None]
        parts = [_parts(scope) for scope in self.ids]
        mine = [part for part in parts if part[1] == subscription.lower()]
        return [part[-1] for part in mine]

    def refusal(self, resource: str) -> Problem | None:
        """Why the resource must not be touched; None if it is in scope."""
        if self.cover(resource):
            return None
        return Problem(
            status=403,
            title="This app may not roll there",
            detail=f"{self._outside(resource)}. Nothing was changed.",
        )

    def error(self, action: str, resource: str) -> ArmError:
        """The same for a rollout in progress, which was started under another setting."""
        return ArmError(
            kind=ArmErrorKind.REFUSED,
            action=action,
            resource=resource,
            status=403,
            code="OutOfScope",
            message=self._outside(resource),
        )

    def _outside(self, resource: str) -> str:
        if not self.ids:
            return (
                f"{resource} cannot be touched: the app's setting {SCOPES_SETTING} is empty, so "
                "this app may roll nowhere. Set it to subscriptions or resource groups, or to "
                f"{EVERYWHERE_WORD} for whatever the app's identity can reach"
            )
        return (
            f"{resource} lies outside of the app's setting {SCOPES_SETTING} "
            f"({', '.join(self.ids)}): name something that lies within, or add its "
            "subscription or resource group to the setting"
        )


EVERYWHERE, NOWHERE = Scopes(everywhere=True), Scopes()
