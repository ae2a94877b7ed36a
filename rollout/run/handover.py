"""What one generation of an orchestration hands to the next: so no history grows with the number of
batches, verbs and waits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, Self

from rollout.base import Value, packed, unpacked
from rollout.callbacks import HeardAnswer, Questions, ShownQuestion, uncounted
from rollout.run.command import Command
from rollout.run.control import Control

_BESIDE = "handover"
_PROGRESS, _PLACE = "progress", "place"


class HasControl(Protocol):
    """What an orchestration was begun with that had been taken up."""

    @property
    def control(self) -> Control: ...


class Handover(Value):
    """`known` is everything that its progress and its place in the story say, packed, and `heard`
    the values of events that came at the very change. `events` is how many were written to the log,
    `control` what the operator wants, and `step` the number of the batch or wave that began last.
    """

    known: dict[str, Any]
    events: int
    control: Control = Control()
    step: int = 0
    heard: list[Any] = []
    rollback: Command | None = None
    """Because of which it is on its way back; a fleet rollout tells its members so."""

    @classmethod
    def of(cls, progress: dict[str, Any], place: Value, **more: Any) -> Self:
        """With that progress as `handed_on` gives it, and that place; and the other fields."""
        known = {_PROGRESS: progress, _PLACE: place.to_json()}
        return cls(known=packed(known), **more)

    @cached_property
    def read(self) -> dict[str, dict[str, Any]]:
        """What is known, unpacked."""
        return unpacked(self.known)

    @property
    def progress(self) -> dict[str, Any]:
        """As `taken_over` takes it."""
        return self.read[_PROGRESS]

    @property
    def place(self) -> dict[str, Any]:
        """Where it goes on."""
        return self.read[_PLACE]

    @classmethod
    def of_input(cls, given: Mapping[str, Any]) -> Self | None:
        """What is beside the order in an orchestration's input; None in the first generation."""
        handed = given.get(_BESIDE)
        return cls.from_json(handed) if handed else None

    def as_input(self, order: Value) -> dict[str, Any]:
        """The input of the next generation: whoever reads the order there still finds it."""
        return {**order.to_json(), _BESIDE: self.to_json()}


@dataclass(frozen=True)
class Received:
    """The commands that have reached an orchestration since its last generation began, the answers
    to its questions, and what that was handed; None if it is the first one.
    """

    since: Sequence[Command] = ()
    handed: Handover | None = None
    answered: Sequence[HeardAnswer] = ()

    @property
    def commands(self) -> list[Command]:
        """Those, and before them what came at the change of generations."""
        heard = self.handed.heard if self.handed else []
        found = [Command.of_event(value) for value in heard]
        return [*(command for command in found if command), *self.since]

    @property
    def standing(self) -> list[Command]:
        """The same, and before them those of earlier generations that still hold."""
        control = self.handed.control if self.handed else Control()
        held = (control.paused, control.ending)
        return [*(command for command in held if command), *self.commands]

    @property
    def answers(self) -> list[HeardAnswer]:
        """Those, and before them what earlier generations have heard and not yet counted."""
        heard = self.handed.heard if self.handed else []
        found = [HeardAnswer.of_event(value) for value in heard]
        return [
            *self._handed_questions.answers(),
            *(answer for answer in found if answer),
            *self.answered,
        ]

    def answers_left(
        self, before: Sequence[HeardAnswer], shown: Sequence[ShownQuestion] | None
    ) -> list[HeardAnswer]:
        """The answers to its questions that it did not live to count: who gave them was told that
        they were heard. `before` are those that were left to it, `shown` the questions in its last
        view, None if it had none.
        """
        return uncounted(self.asked if shown is None else shown, [*before, *self.answers])

    @property
    def asked(self) -> list[ShownQuestion]:
        """The questions that it was handed."""
        return self._handed_questions.shown()

    @property
    def _handed_questions(self) -> Questions:
        said = self.handed and self.handed.progress.get("questions")
        return Questions.from_json(said or {})

    @property
    def step(self) -> int:
        """The number of the batch or wave that had begun last before that."""
        return self.handed.step if self.handed else 0

    def control_of(self, resume: HasControl | None) -> Control:
        """What the operator wanted when that generation began, or what the orchestration was begun
        with.
        """
        began = self.handed or resume
        return began.control if began else Control()


NOTHING_RECEIVED = Received()
