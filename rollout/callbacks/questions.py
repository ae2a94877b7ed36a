"""The questions whose answers an orchestration waits for. The first answer to the one that is asked
now counts: whatever else comes is twice, late, or for another question.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Self

from rollout.base import Value, fingerprint_of
from rollout.callbacks.answer import CallbackAnswer, HeardAnswer


class OpenQuestion(Value):
    """`about` names what is asked about: of one thing there is one question at a time. `note` is
    given if nobody waits for its answer, which is only noted. `taken` once who is asked has it.
    """

    id: str
    about: str
    expires: datetime
    note: str | None = None
    answer: CallbackAnswer | None = None
    taken: bool = False


class ShownQuestion(Value):
    """What is published of one, so that a second answer is refused."""

    id: str
    answered: bool = False


class Questions(Value):
    """`open` are those that are asked now, by what they are about; `count` is how many there were.
    `left` are answers that reached an orchestration which broke off before it could count them.
    """

    open: dict[str, OpenQuestion] = {}
    count: int = 0
    left: list[HeardAnswer] = []

    def asking(self, about: str, subject: object, expires: datetime, now: datetime) -> Self:
        """With a question about that; the same one, as long as it is asked about the same subject
        and its time is not over, or its answer is there and has yet to be counted. An answer that
        was left to it is its answer.
        """
        digest = fingerprint_of(subject)
        before = self.open.get(about)
        stays = before and (before.answer is not None or now < before.expires)
        if before and stays and _digest(before.id) == digest:
            return self
        asked = OpenQuestion(
            id=f"{digest}-{_milliseconds(now):x}-{self.count + 1}-{_kind(about)}",
            about=about,
            expires=expires,
        )
        left = next((each for each in self.left if _digest(each.question) == digest), None)
        if left:
            asked = asked.model_copy(update={"id": left.question, "answer": left.answer})
        others = [each for each in self.left if each is not left]
        update = {"open": {**self.open, about: asked}, "count": self.count + 1, "left": others}
        return self.model_copy(update=update)

    def noting(self, about: str, note: str) -> Self:
        """From now on nobody waits for the answer about that."""
        asked = self.open[about].model_copy(update={"note": note})
        return self.model_copy(update={"open": {**self.open, about: asked}})

    def taking(self, about: str) -> Self:
        """Once who is asked about that has the question."""
        asked = self.open.get(about)
        taken = {about: asked.model_copy(update={"taken": True})} if asked else {}
        return self.model_copy(update={"open": {**self.open, **taken}})

    def awaited(self, about: str, now: datetime) -> OpenQuestion | None:
        """The question about that, if who is asked has it, and still has time to answer it."""
        asked = self.open.get(about)
        waits = asked and asked.taken and asked.answer is None and now < asked.expires
        return asked if waits else None

    def awaited_as(self, about: str, subject: object, now: datetime) -> OpenQuestion | None:
        """The same, if it is about that very subject."""
        asked = self.awaited(about, now)
        return asked if asked and _digest(asked.id) == fingerprint_of(subject) else None

    def answer_to(self, about: str, subject: object) -> CallbackAnswer | None:
        """The answer to what is asked about that, if it is there. One about another batch is none
        to this.
        """
        asked = self.open.get(about)
        same = asked is not None and _digest(asked.id) == fingerprint_of(subject)
        return asked.answer if asked and same else None

    def awaiting(self, question: str) -> OpenQuestion | None:
        """The one of that id, if it is asked now and has no answer yet. Who answers was held to the
        machines' clock: by an orchestration's, its time may be over.
        """
        found = next((each for each in self.open.values() if each.id == question), None)
        return found if found and found.answer is None else None

    def hearing(self, heard: HeardAnswer) -> Self:
        """With an answer, if it is the first one to what is asked now."""
        asked = self.awaiting(heard.question)
        if asked is None:
            return self
        answered = asked.model_copy(update={"answer": heard.answer})
        return self.model_copy(update={"open": {**self.open, asked.about: answered}})

    def without(self, about: str) -> Self:
        """Once it was answered, or is asked no more."""
        left = {name: asked for name, asked in self.open.items() if name != about}
        return self.model_copy(update={"open": left})

    def withdrawn(self, kind: str) -> Self:
        """Without those of a kind for whose answers somebody waits: what they say is too old, and
        so is what was left to them.
        """
        left = [each for each in self.left if not each.question.endswith(f"-{kind}")]
        return self.never_asked_again(kind).model_copy(update={"left": left})

    def never_asked_again(self, kind: str) -> Self:
        """The same if that kind is never asked again: what was left is for other kinds, then."""
        kept = {
            name: asked
            for name, asked in self.open.items()
            if asked.note is not None or not name.startswith(f"{kind} ")
        }
        return self.model_copy(update={"open": kept})

    def shown(self, now: datetime | None = None) -> list[ShownQuestion]:
        """Those that can be answered (now, or at all), and those whose answer has yet to be
        counted.
        """
        asked = [
            ShownQuestion(id=each.id, answered=each.answer is not None)
            for each in self.open.values()
            if each.answer or now is None or now <= each.expires
        ]
        return [*asked, *(ShownQuestion(id=each.question, answered=True) for each in self.left)]

    def answers(self) -> list[HeardAnswer]:
        """Those that have yet to be counted."""
        heard = [
            HeardAnswer(question=each.id, answer=each.answer)
            for each in self.open.values()
            if each.answer
        ]
        return [*self.left, *heard]


def uncounted(shown: Sequence[ShownQuestion], heard: Sequence[HeardAnswer]) -> list[HeardAnswer]:
    """Which of these answers have yet to be counted, by what was shown last: the first one to each
    question.
    """
    first = {each.question: each for each in reversed(heard)}
    return [first[each.id] for each in shown if each.id in first]


def may_be_open(status: Any, question: str) -> bool:
    """Whether an orchestration that has published that may wait for the answer to that question.
    What was published before it was asked says nothing of it.
    """
    said = _Published.from_json(status or {})
    if found := next((each for each in said.questions if each.id == question), None):
        return not found.answered
    return said.updated_at is None or said.updated_at < _asked_at(question)


class _Published(Value):
    """What is in a custom status."""

    questions: list[ShownQuestion] = []
    updated_at: datetime | None = None


def _kind(about: str) -> str:
    """What is asked: a gate, or a hook. Its name may be anything."""
    return about.partition(" ")[0]


def _digest(question: str) -> str:
    return question.partition("-")[0]


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _asked_at(question: str) -> datetime:
    """When it was asked, which is in its id."""
    return datetime.fromtimestamp(int(question.split("-")[1], 16) / 1000, UTC)
