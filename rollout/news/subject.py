"""What news are about: a rollout, a fleet rollout, a followed image, or the whole app."""

from enum import StrEnum
from urllib.parse import quote

from rollout.base import MADE, Value, our_id

_PARTS_OF_A_MEMBER = 3
"""An id that the app makes for a rollout of a fleet rollout: the fleet's, a name, a hash."""


class SubjectKind(StrEnum):
    """What it is, as the type of an event says it."""

    ROLLOUT = "rollout"
    FLEET = "fleetRollout"
    IMAGE = "followedImage"
    APP = "app"


_SCREENS = {
    SubjectKind.ROLLOUT: "rollouts/{id}",
    SubjectKind.FLEET: "fleets/{id}",
    SubjectKind.IMAGE: "followed",
    SubjectKind.APP: "rollouts",
}


class Subject(Value):
    """It, under the id that users know."""

    kind: SubjectKind
    id: str

    @classmethod
    def member_of(cls, fleet_id: str) -> "Subject":
        """Any rollout of that fleet rollout."""
        return cls(kind=SubjectKind.ROLLOUT, id=our_id(fleet_id, "member", "0"))

    @property
    def fleet(self) -> str | None:
        """The fleet rollout that it is, or belongs to."""
        if self.kind is SubjectKind.FLEET:
            return self.id
        parts = self.id.split(MADE)
        member = self.kind is SubjectKind.ROLLOUT and len(parts) >= _PARTS_OF_A_MEMBER
        return MADE.join(parts[:-2]) if member else None

    @property
    def is_member(self) -> bool:
        """Whether a fleet rollout has started it."""
        return self.kind is SubjectKind.ROLLOUT and self.fleet is not None

    def link(self, page: str) -> str | None:
        """Its screen; None if it is not known where the page is."""
        if not page:
            return None
        return f"{page}#/{_SCREENS[self.kind].format(id=quote(self.id, safe=MADE))}"
