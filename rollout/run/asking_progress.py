"""The questions of a rollout, or of a fleet rollout, whose answers are awaited at an address of
ours.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self, override

from rollout.callbacks import Asking, HeardAnswer, Questions
from rollout.gates import GATE
from rollout.run.progress_view import ProgressView
from rollout.run.run_progress import ListedProgress


@dataclass(frozen=True, kw_only=True)
class AskingProgress[V: ProgressView](ListedProgress[V]):
    """The progress of what asks somebody who answers later."""

    questions: Questions = field(default_factory=Questions)

    def asking(self, asking: Asking, now: datetime) -> Self:
        """With that question, or the same one as before."""
        return self._with(self.questions.asking(asking.about, asking.subject, asking.expires, now))

    def noting(self, about: str, note: str) -> Self:
        """From now on nobody waits for the answer about that."""
        return self._with(self.questions.noting(about, note))

    def taking(self, about: str) -> Self:
        """Who is asked about that has the question."""
        return self._with(self.questions.taking(about))

    def hearing(self, heard: HeardAnswer) -> Self:
        """With an answer, if it is awaited."""
        return self._with(self.questions.hearing(heard))

    def answered(self, about: str) -> Self:
        """The answer about that was counted, or is awaited no more."""
        return self._with(self.questions.without(about))

    def withdrawn(self, kind: str) -> Self:
        """No answer to a question of that kind is awaited any more."""
        return self._with(self.questions.withdrawn(kind))

    @override
    def starting_rollback(self) -> Self:
        """No gate is asked on the way back; hooks are, and what they have answered counts."""
        asked = self.questions.never_asked_again(GATE)
        return replace(super().starting_rollback(), questions=asked)

    def _with(self, questions: Questions) -> Self:
        return replace(self, questions=questions)
