"""Which line of the event log tells that an operator's verb was heard."""

from rollout.event import EventKind
from rollout.phase import Verb

EVENT_OF = {
    Verb.PAUSE: EventKind.PAUSE_REQUESTED,
    Verb.RESUME: EventKind.RESUMED,
    Verb.APPROVE: EventKind.APPROVED,
    Verb.RETRY: EventKind.RETRY_REQUESTED,
    Verb.SKIP: EventKind.SKIP_REQUESTED,
    Verb.ABORT: EventKind.ABORT_REQUESTED,
    Verb.ROLLBACK: EventKind.ROLLBACK_REQUESTED,
}
