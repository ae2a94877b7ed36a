"""The switch for the whole app: since when, why and by whom nothing begins."""

from datetime import datetime

from rollout.base.value import Value


class LineStop(Value):
    """The line was stopped. `by` is who was signed in, or who said so; None if nobody did."""

    since: datetime
    reason: str
    by: str | None = None

    @property
    def message(self) -> str:
        """As a part of a sentence."""
        who = self.by or "an operator"
        return f"the line was stopped at {self.since:%Y-%m-%d %H:%M} UTC by {who}: {self.reason}"
