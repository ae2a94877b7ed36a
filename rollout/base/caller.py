"""Who is calling: what is kept in event logs."""

from rollout.base.value import Value


class Caller(Value):
    """A caller who is signed in: the name to show, and how it was established. `id` stays the same
    when the name changes; empty if the identity provider gave none.
    """

    name: str
    id: str = ""
    how: str = ""

    def same(self, other: "Caller") -> bool:
        """Whether both are one and the same."""
        if self.id and other.id:
            return self.id == other.id
        return self.name.casefold() == other.name.casefold()
