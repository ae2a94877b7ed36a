"""May this caller do that? The answer, from the app's settings."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from rollout.access.permission import Permission
from rollout.access.principal import SignedIn, signed_in
from rollout.base import Caller, Problem

_BY_NAME = (frozenset({Permission.START}), frozenset({Permission.APPROVE}))


@dataclass(frozen=True)
class AccessRules:
    """`authenticated` while App Service authentication is on: only then its header is believed.
    `roles` are the app roles that give a permission; without any, whoever may call has it.
    """

    authenticated: bool = False
    require_sign_in: bool = False
    second_person: bool = False
    """Whether who approves must be another than who started."""
    status_uri: bool = True
    """Whether the answer to a start has Durable's own statusQueryGetUri, and the key in it."""
    roles: Mapping[Permission, frozenset[str]] = field(
        default_factory=dict[Permission, frozenset[str]]
    )

    def believed(self, header: str | None) -> SignedIn | None:
        """The caller in the header of App Service authentication; None if nobody is signed in."""
        return signed_in(header) if self.authenticated else None

    @property
    def approvers(self) -> str:
        """Who may approve, and say what becomes of what waits, in words."""
        names = sorted(self.roles.get(Permission.APPROVE, ()))
        who = f"whoever has the role {' or '.join(names)}" if names else "whoever may call the app"
        return f"{who}, but not who started it" if self.second_person else who

    def refusal(self, who: SignedIn | None, needs: Collection[Permission]) -> Problem | None:
        """Why this caller may not make a call that needs one of these permissions."""
        names = sorted(role for need in needs for role in self.roles.get(need, ()))
        by_name = self.second_person and frozenset(needs) in _BY_NAME
        if who is None:
            return _NOBODY if names or by_name or self.require_sign_in else None
        if not names or who.roles.intersection(names):
            return None
        what = " or ".join(sorted(needs))
        return Problem(
            status=HTTPStatus.FORBIDDEN,
            title="Not allowed",
            detail=f"{who.caller.name} has no role that lets {what} (ROLLOUT_ROLES: "
            f"{', '.join(names)}). Nothing was changed: have one assigned in Entra ID, and sign in "
            "again.",
        )

    def refused_approval(self, caller: Caller | None, starter: Caller | None) -> Problem | None:
        """Why this caller may not approve what that one has started; `starter` is None if an event
        has started it, or if that was before callers had to be signed in.
        """
        if not self.second_person or caller is None or starter is None or not caller.same(starter):
            return None
        return Problem(
            status=HTTPStatus.FORBIDDEN,
            title="Somebody else has to approve",
            detail=f"{caller.name} has started it, and who approves must be another "
            "(ROLLOUT_SECOND_PERSON). It still waits; nothing was changed.",
        )


_NOBODY = Problem(
    status=HTTPStatus.UNAUTHORIZED,
    title="Nobody is signed in",
    detail="This call needs a caller who is signed in with Entra ID, besides a function key, and "
    "App Service authentication has named none. Nothing was changed: send a token (docs/deploy.md, "
    "Sign in with Entra ID).",
)
