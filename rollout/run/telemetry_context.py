"""Where a rollout stands, according to its event log: the context of log lines and metrics."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from rollout.base import EventKind, Phase, Value


class TelemetryContext(Value):
    """After some event: the scale set, the number of the batch (0 before the first), the phase, and
    when that batch began.
    """

    scale_set: str = ""
    batch: int = 0
    phase: Phase = Phase.PENDING
    batch_began: datetime | None = None

    @property
    def subject(self) -> str:
        """What is rolled: one scale set, or a fleet of them."""
        return "scaleSet" if self.scale_set else "fleet"

    def after(self, events: Sequence[Mapping[str, Any]]) -> Self:
        """After all of these events, oldest first, as in a part of the log."""
        standing = self
        for event in events:
            standing = standing.then(event)
        return standing

    def then(self, event: Mapping[str, Any]) -> Self:
        """After one more event. An unknown kind changes nothing: telemetry must never get in the
        way of recording.
        """
        kind, evidence = event["kind"], event.get("evidence", {})
        match kind:
            case EventKind.STARTED:
                scale_set = evidence.get("request", {}).get("scaleSet", "")
                return self._with(scale_set=scale_set, phase=Phase.PROGRESSING)
            case EventKind.BATCH_STARTED:
                began = datetime.fromisoformat(event["at"])
                return self._with(batch=evidence.get("number", self.batch), batch_began=began)
            case EventKind.FINISHED:
                return self._with(phase=Phase(evidence.get("phase", self.phase)))
            case _:
                return self._with(phase=_PHASES.get(kind, self.phase))

    def _with(self, **fields: Any) -> Self:
        return self.model_copy(update=fields)

    def batch_seconds(self, event: Mapping[str, Any]) -> float | None:
        """How long the batch that ends with this event took."""
        if self.batch_began is None:
            return None
        return (datetime.fromisoformat(event["at"]) - self.batch_began).total_seconds()


_PHASES: dict[str, Phase] = {
    EventKind.RESUMED: Phase.PROGRESSING,
    EventKind.APPROVED: Phase.PROGRESSING,
    EventKind.RETRY_REQUESTED: Phase.PROGRESSING,
    EventKind.SKIP_REQUESTED: Phase.PROGRESSING,
    EventKind.PAUSED: Phase.PAUSED,
    EventKind.APPROVAL_ASKED: Phase.AWAITING_APPROVAL,
    EventKind.ROLLING_BACK: Phase.ROLLING_BACK,
    EventKind.BROKEN_OFF: Phase.FAILED,
}
