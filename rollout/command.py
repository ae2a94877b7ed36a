"""What an operator says with a verb: why, and who."""

from rollout.request import Text
from rollout.value import Value


class Command(Value):
    """The optional body of a verb."""

    reason: Text | None = None
    by: Text | None = None

    @property
    def told(self) -> str:
        """For a message: "by alice@contoso.com (wrong image)"."""
        by = f"by {self.by}" if self.by else "by an operator"
        return f"{by} ({self.reason})" if self.reason else by
