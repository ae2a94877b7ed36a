"""What an operator says with a verb: why, who, and about which instances."""

from rollout.phase import Verb
from rollout.request import InstanceIds, Text
from rollout.value import Value


class CommandBody(Value):
    """The optional body of a verb."""

    reason: Text | None = None
    by: Text | None = None
    instance_ids: InstanceIds | None = None


class Command(CommandBody):
    """A verb with what was said with it."""

    verb: Verb

    @property
    def told(self) -> str:
        """For a message: "by alice@contoso.com (wrong image)"."""
        by = f"by {self.by}" if self.by else "by an operator"
        return f"{by} ({self.reason})" if self.reason else by
