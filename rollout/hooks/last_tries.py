"""How often a hook is called where nobody may be kept waiting."""

from dataclasses import dataclass
from datetime import timedelta

_FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(minutes=2)


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


def pause_before_call(calls: int, asked_for: timedelta | None) -> timedelta:
    """How long after so many calls to wait with another one of who is not done, and may have asked
    for a pause of its own.
    """
    pause = min(LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(max(calls - 1, 0), 10))
    return max(pause, asked_for or timedelta(0))


MEANWHILE = Tries(rounds=3, within=timedelta(minutes=2), answer_within=timedelta(minutes=2))
"""Between two steps of a rollout: what is not done then is tried once more later."""
AT_THE_END = Tries(rounds=4, within=timedelta(minutes=5), answer_within=timedelta(minutes=15))
"""Then it is given up, and said."""
