"""An operator's command: a verb, with who gave it, why, and for which instances."""

from rollout.base import InstanceIds, Request, Text, shortened
from rollout.run.verb import Verb

_FEW = 128
"""In characters of JSON."""


class CommandBody(Request):
    """The optional request body of a verb."""

    reason: Text | None = None
    by: Text | None = None
    instance_ids: InstanceIds | None = None


class Command(CommandBody):
    """A verb with who gave it, why, and for which instances."""

    verb: Verb

    def shortened(self) -> "Command":
        """With short texts, and without instance ids."""
        by, reason = (text and shortened(text, _FEW) for text in (self.by, self.reason))
        return Command(verb=self.verb, by=by, reason=reason)

    @property
    def attribution(self) -> str:
        """For a message: "by alice@contoso.com (wrong image)"."""
        by = f"by {self.by}" if self.by else "by an operator"
        return f"{by} ({self.reason})" if self.reason else by
