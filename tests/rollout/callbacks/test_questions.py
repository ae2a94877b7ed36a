"""The first answer to what is asked now counts, and no other."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from builders import request
from hypothesis import given, settings
from hypothesis import strategies as st

from rollout.callbacks import (
    CallbackAnswer,
    HeardAnswer,
    Questions,
    ShownQuestion,
    may_be_open,
    uncounted,
)
from rollout.run import Progress, RolloutOrder

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
PASS, FAIL = (CallbackAnswer.from_request({"verdict": verdict}) for verdict in ("pass", "fail"))
HOUR = timedelta(hours=1)


def asked(subject: object = 1, now: datetime = NOW, before: Questions | None = None) -> Questions:
    return (before or Questions()).asking("gate tests", subject, now + HOUR, now)


def test_the_same_question_keeps_its_id_until_its_time_is_over() -> None:
    first = asked()
    assert asked(now=NOW + timedelta(minutes=59), before=first) == first
    [old], [new] = first.shown(), asked(now=NOW + HOUR, before=first).shown()
    assert new.id != old.id


def test_one_that_is_answered_stays_until_that_is_counted() -> None:
    """Its time may be over by then: whoever answered in time was told that it was heard."""
    heard = asked().hearing(HeardAnswer(question=asked().shown()[0].id, answer=PASS))
    assert asked(now=NOW + 2 * HOUR, before=heard) == heard
    assert asked(2, NOW + 2 * HOUR, heard).answer_to("gate tests", 2) is None


def test_a_question_about_something_else_takes_its_place() -> None:
    first = asked()
    second = asked(2, NOW + timedelta(minutes=1), first)
    late = HeardAnswer(question=first.shown()[0].id, answer=PASS)
    assert second.hearing(late) == second


def test_an_answer_is_none_to_another_subject() -> None:
    heard = asked().hearing(HeardAnswer(question=asked().shown()[0].id, answer=PASS))
    assert heard.answer_to("gate tests", 1) == PASS
    assert heard.answer_to("gate tests", 2) is None


def test_what_was_left_is_the_answer_to_the_same_question_alone() -> None:
    question = asked().shown()[0].id
    left = Questions(left=[HeardAnswer(question=question, answer=FAIL)])
    later = NOW + timedelta(minutes=5)
    assert asked(1, later, left).answer_to("gate tests", 1) == FAIL
    assert asked(2, later, left).answer_to("gate tests", 2) is None
    assert left.withdrawn("gate").left == []
    assert left.withdrawn("hook") == left


def test_what_is_noted_outlives_what_is_withdrawn() -> None:
    noted = asked().noting("gate tests", "advisory")
    assert noted.withdrawn("gate") == noted
    assert asked().withdrawn("gate").open == {}
    assert asked().withdrawn("hook").open == asked().open


def test_the_way_back_asks_no_gate_and_counts_what_was_left_to_a_hook() -> None:
    question = asked().shown()[0].id
    left = [HeardAnswer(question=question, answer=PASS)]
    begun = Progress.begun(RolloutOrder(id="r1", request=request()), NOW)
    before = replace(begun, questions=asked(2).model_copy(update={"left": left}))
    back = before.starting_rollback().questions
    assert back.open == {}
    again = back.asking("hook back", 1, NOW + HOUR, NOW)
    assert again.answer_to("hook back", 1) == PASS


def test_only_what_was_shown_and_not_counted_is_left() -> None:
    heard = [HeardAnswer(question=each, answer=PASS) for each in ("a", "b", "b", "c")]
    shown = [ShownQuestion(id="b"), ShownQuestion(id="d")]
    assert uncounted(shown, heard) == [heard[1]]


def test_what_was_let_in_counts_however_late_it_is_heard() -> None:
    """Who answers is held to the machines' clock, which may be behind an orchestration's."""
    question = asked().shown()[0].id
    late = asked().hearing(HeardAnswer(question=question, answer=PASS))
    assert late.shown(NOW + 2 * HOUR) == [ShownQuestion(id=question, answered=True)]
    assert late.answer_to("gate tests", 1) == PASS


def test_a_status_says_what_may_be_open() -> None:
    question = asked().shown()[0].id
    before, after = NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)
    assert may_be_open(None, question)
    assert may_be_open({"updatedAt": before.isoformat(), "questions": []}, question)
    assert not may_be_open({"updatedAt": after.isoformat(), "questions": []}, question)
    there = [{"id": question, "answered": False}]
    assert may_be_open({"updatedAt": after.isoformat(), "questions": there}, question)
    there = [{"id": question, "answered": True}]
    assert not may_be_open({"updatedAt": after.isoformat(), "questions": there}, question)


@dataclass
class _Asker:
    """What an orchestration does with its questions, and what it has counted."""

    questions: Questions = field(default_factory=Questions)
    now: datetime = NOW
    subject: int = 0
    sent: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    counted: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])

    def ask(self) -> None:
        self.questions = self.questions.asking("gate x", self.subject, self.now + HOUR, self.now)
        self.sent.append((self.subject, self.questions.open["gate x"].id))

    def count(self) -> None:
        if self.questions.answer_to("gate x", self.subject):
            self.counted.append((self.subject, self.questions.open["gate x"].id))
            self.questions = self.questions.without("gate x")


@settings(max_examples=300)
@given(st.lists(st.sampled_from(["ask", "next", "answer", "old", "count", "wait", "pause"])))
def test_whatever_comes_each_question_is_counted_once_and_for_its_subject(steps: list[str]) -> None:
    asker = _Asker()
    for number, step in enumerate(steps):
        asker.now += timedelta(seconds=1)
        match step:
            case "ask":
                asker.ask()
            case "next":
                asker.subject += 1
            case "answer" | "old" if asker.sent:
                _, question = asker.sent[-1 if step == "answer" else number % len(asker.sent)]
                heard = HeardAnswer(question=question, answer=PASS)
                asker.questions = asker.questions.hearing(heard)
            case "count":
                asker.count()
            case "wait":
                asker.now += HOUR
            case "pause":
                asker.questions = asker.questions.withdrawn("gate")
            case _:
                pass
    assert len(set(asker.counted)) == len(asker.counted)
    assert set(asker.counted) <= set(asker.sent)


def test_who_has_a_question_is_awaited_until_it_is_answered_or_its_time_is_over() -> None:
    posted = asked()
    assert posted.awaited("gate tests", NOW) is None, "nobody has it yet"
    taken = posted.taking("gate tests")
    assert taken.awaited("gate tests", NOW) == taken.open["gate tests"]
    assert taken.awaited_as("gate tests", 1, NOW) == taken.open["gate tests"]
    assert taken.awaited_as("gate tests", 2, NOW) is None
    assert taken.awaited("gate tests", NOW + HOUR) is None
    heard = taken.hearing(HeardAnswer(question=taken.shown()[0].id, answer=PASS))
    assert heard.awaited("gate tests", NOW) is None
    assert posted.taking("gate other") == posted
