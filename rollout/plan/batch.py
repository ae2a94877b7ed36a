"""Instances that are upgraded together."""

from rollout.base import Value


class Batch(Value):
    """Instances upgraded together. Never spans two update domains or two zones."""

    number: int
    zone: str | None = None
    update_domain: int | None = None
    fault_domain: int | None = None
    canary: bool = False
    instance_ids: list[str]

    @property
    def place(self) -> str:
        """Where it is: "update domain 3", "update domain 0 of zone 1", "the scale set"."""
        parts = [
            ("update domain", self.update_domain),
            ("fault domain", self.fault_domain),
            ("zone", self.zone),
        ]
        named = [f"{word} {number}" for word, number in parts if number is not None]
        return " of ".join(named) or "the scale set"
