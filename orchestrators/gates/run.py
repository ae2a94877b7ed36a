"""What a rollout and a fleet rollout have in common that ask gates: where they stand with that, and
how they hear answers.
"""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from orchestrators.engine import ActivityClient, ListedRun
from rollout.base import EventKind
from rollout.callbacks import HeardAnswer
from rollout.gates import GATE, Gate, GatePlace, GateSaid
from rollout.run import AskingProgress, GatesPlace, NotedAnswer, ProgressView, noted_answer


class AskingRun[P: AskingProgress[Any], V: ProgressView, W: GatesPlace](ListedRun[P, V]):
    """A rollout or a fleet rollout that asks gates. What is known of them is in its `place`."""

    activities: ActivityClient
    place: W
    """Where its next generation would go on."""

    @property
    @abstractmethod
    def gates(self) -> Sequence[Gate]:
        """All of them."""

    @property
    @abstractmethod
    def would_have(self) -> str:
        """What a failure of a dry run would have led to."""

    @property
    @abstractmethod
    def decision_timeout(self) -> timedelta:
        """How long whoever is asked has for a decision."""

    def stands_at(self, place: GatePlace, number: int) -> bool:
        """Whether it is at the gates of that place, before or after the batch or wave of that
        number.
        """
        return self.place.gates is not None and self.place.gates.at(place, number)

    @property
    def decide_by(self) -> datetime:
        """Until when whoever is asked now has time for a decision."""
        return min(self.now + self.decision_timeout, self.deadline)

    def asks_anew(self) -> None:
        """Whatever its gates have answered, or are yet to answer, is too old."""
        self.place = self.place.asking_anew()
        self.progress = self.progress.withdrawn(GATE)

    def hear(self, heard: HeardAnswer) -> None:
        """The first answer to what is asked now counts. What nobody waits for is only noted."""
        asked = self.progress.questions.awaiting(heard.question)
        if asked is None:
            return
        self.progress = self.progress.hearing(heard)
        noted = noted_answer(self.gates, asked, heard.answer, self.now, self.would_have)
        if noted:
            self._note_answer(noted)
            self.progress = self.progress.answered(asked.about)
        self.heard_answer()
        self.publish()

    def heard_answer(self) -> None:
        """What else is done once an answer was heard."""

    def _note_answer(self, noted: NotedAnswer) -> None:
        answered = noted.answered
        evidence = {"gate": noted.gate, "answers": answered.to_json()}
        self.recorder.write(EventKind.GATE_NOTED, noted.message, **evidence)
        said = GateSaid(verdict=answered.verdict, message=answered.message, at=self.now)
        self.progress = self.progress.asked(noted.gate, said)
