"""The external events that bring an operator's commands to an orchestration, and how many."""

from collections.abc import Mapping

from rollout.run.ids import COMMAND
from rollout.run.verb import Verb

VERBS_ACCEPTED = 40
"""How many verbs other than abort and rollback one generation hears; the next one hears as many
again. Each costs a little in every turn.
"""
_ENDS_ACCEPTED = 5
"""How many aborts, and how many rollbacks. The first of each has its effect, so that this is room
for what is said at once, or by a slip of someone who raises events by hand.
"""
CHANNELS = (COMMAND, *(verb.value for verb in Verb if verb.ends))
"""The names of all these events."""


def channel_of(verb: Verb) -> str:
    """The event that carries that verb: an end has one of its own, so that it is heard however many
    others came before. (`COMMAND` carries any of them: that is what is raised by hand.)
    """
    return verb.value if verb.ends else COMMAND


def channels() -> Mapping[str, int]:
    """How many events of each name to listen for."""
    return {name: VERBS_ACCEPTED if name == COMMAND else _ENDS_ACCEPTED for name in CHANNELS}
