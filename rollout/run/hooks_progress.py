"""What a rollout's hooks have drained and answered."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from rollout.gates import GateSaid
from rollout.hooks import Owed
from rollout.run.batches_progress import BatchesProgress


@dataclass(frozen=True, kw_only=True)
class HooksProgress(BatchesProgress):
    """The progress of what calls hooks."""

    owed: Owed | None = None
    """The instances that hooks may have drained, and have yet to put back."""
    hooks: dict[str, GateSaid] = field(default_factory=dict[str, GateSaid])
    """What each hook has answered last."""
    addresses: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """The private addresses that hooks are told, by instance, as long as those may be drained."""

    def called(self, hook: str, said: GateSaid) -> Self:
        """With the last answer of a hook."""
        return replace(self, hooks={**self.hooks, hook: said})

    def owing(self, owed: Owed | None) -> Self:
        """With what hooks have yet to put back."""
        return replace(self, owed=owed)

    def addressed(self, addresses: Mapping[str, list[str]]) -> Self:
        """With these private addresses, which hooks are told."""
        return replace(self, addresses={**self.addresses, **addresses})

    def forgetting_addresses(self, instance_ids: Collection[str]) -> Self:
        """Without those of these, which are read anew, and of all that have been put back."""
        owed = set(self.owed.instance_ids if self.owed else ()).difference(instance_ids)
        kept = {each: known for each, known in self.addresses.items() if each in owed}
        return replace(self, addresses=kept)
