"""How often a hook is called where nobody may be kept waiting."""

from dataclasses import dataclass
from datetime import timedelta

_FIRST_PAUSE = timedelta(seconds=15)


@dataclass(frozen=True)
class Tries:
    """So many rounds of calls, with pauses that double; none begins later than `within`. Who has
    taken the call, and answers later, is given `answer_within`.
    """

    rounds: int
    within: timedelta
    answer_within: timedelta

    def pause_after(self, rounds: int, spent: timedelta) -> timedelta | None:
        """How long to wait before the next round; None if there is none."""
        pause = _FIRST_PAUSE * 2 ** (rounds - 1)
        return pause if rounds < self.rounds and spent + pause <= self.within else None


MEANWHILE = Tries(rounds=3, within=timedelta(minutes=2), answer_within=timedelta(minutes=2))
"""Between two steps of a rollout: what is not done then is tried once more later."""
AT_THE_END = Tries(rounds=4, within=timedelta(minutes=5), answer_within=timedelta(minutes=15))
"""Then it is given up, and said."""
