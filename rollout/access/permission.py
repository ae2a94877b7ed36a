"""What can be given to different people."""

from collections.abc import Mapping
from enum import StrEnum

from rollout.run import Verb


class Permission(StrEnum):
    """READ: views, lists, logs, plans. START: to start, and to let go on. APPROVE: to approve what
    waits for it. MANAGE: Durable's own management addresses.
    """

    READ = "read"
    START = "start"
    APPROVE = "approve"
    MANAGE = "manage"


_EITHER = frozenset({Permission.START, Permission.APPROVE})
_BY_VERB: Mapping[Verb, frozenset[Permission]] = {
    Verb.APPROVE: frozenset({Permission.APPROVE}),
    Verb.PAUSE: _EITHER,
    Verb.ABORT: _EITHER,
    Verb.ROLLBACK: _EITHER,
}


def needed_for(verb: Verb) -> frozenset[Permission]:
    """One of these is needed: whoever starts or approves may also stop, and put back."""
    return _BY_VERB.get(verb, frozenset({Permission.START}))
