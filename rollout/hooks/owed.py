"""Which instances have yet to be put back."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Self

from rollout.base import Value


class Owed(Value):
    """By the name of each hook after a batch, the instances that it has yet to be called with.
    `number` is that of the line in the log which says so; `batch` is the one they are in; `tried`
    is when that was last tried during a long wait.
    """

    number: int
    batch: int = 0
    hooks: dict[str, list[str]]
    tried: datetime | None = None

    @classmethod
    def by(cls, names: Collection[str], instance_ids: Sequence[str], before: "Owed | None") -> Self:
        """That each of these hooks has to be called with these instances, beside those that are
        left from before.
        """
        left = before.hooks if before else {}
        hooks = {name: list(dict.fromkeys([*left.get(name, []), *instance_ids])) for name in names}
        return cls(number=0, hooks=hooks)

    def numbered(self, number: int, batch: int) -> Self:
        return self.model_copy(update={"number": number, "batch": batch})

    def tried_at(self, now: datetime) -> Self:
        return self.model_copy(update={"tried": now})

    def without(self, name: str) -> Self | None:
        """Once that hook was called; None if nothing is left."""
        hooks = {each: ids for each, ids in self.hooks.items() if each != name}
        return self.model_copy(update={"hooks": hooks}) if hooks else None

    @property
    def instance_ids(self) -> list[str]:
        return list(dict.fromkeys(each for ids in self.hooks.values() for each in ids))
