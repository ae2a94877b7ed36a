"""How long a courier goes on, when it tries again, and when it gives up."""

from datetime import UTC, datetime, timedelta

import pytest

from rollout.news import (
    GIVEN_UP_AFTER,
    LAST_LOOKS,
    Courier,
    CourierLine,
    Delivery,
    FoundNews,
    News,
    NewsData,
    NewsKind,
    Subject,
    SubjectKind,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WEB = Subject(kind=SubjectKind.ROLLOUT, id="web-1")
DONE = Delivery(delivered=True)
NO = Delivery(delivered=False, why="no answer")


def news(number: int) -> News:
    data = NewsData(kind=NewsKind.STARTED, id="web-1", message=f"message {number}")
    return News(id=str(number), source="/x", type="t", subject="web-1", time=NOW, data=data)


def waiting(*numbers: int) -> Courier:
    found = FoundNews(news=[news(number) for number in numbers], alive=True)
    return Courier(receiver="ops", subject=WEB).found(found)


def seconds(courier: Courier) -> float:
    return courier.pause.total_seconds()


def test_what_is_not_taken_waits_and_what_follows_waits_behind_it() -> None:
    courier = waiting(1, 2).after(NO, NOW)
    assert [each.id for each in courier.waiting] == ["1", "2"]
    courier = courier.after(DONE, NOW)
    assert ([each.id for each in courier.waiting], courier.failing) == (["2"], None)


def test_it_tries_less_and_less_often_but_four_times_an_hour() -> None:
    courier, pauses = waiting(1), list[float]()
    for _ in range(9):
        courier = courier.after(NO, NOW)
        pauses.append(seconds(courier))
    assert pauses == [15, 30, 60, 120, 240, 480, 900, 900, 900]


def test_a_receiver_may_ask_for_more_time() -> None:
    asked = Delivery(delivered=False, why="429", retry_after=3600)
    assert seconds(waiting(1).after(asked, NOW)) == 3600


@pytest.mark.parametrize("asked", [1e20, float("inf")])
def test_a_receiver_cannot_ask_for_more_than_a_day(asked: float) -> None:
    refused = Delivery(delivered=False, why="it answered 429", retry_after=asked)
    assert waiting(1).after(refused, NOW).pause == GIVEN_UP_AFTER


def test_it_gives_up_what_is_a_day_old_and_goes_on_with_the_next() -> None:
    courier = waiting(1, 2).after(NO, NOW + timedelta(hours=23))
    assert courier.given_up == []
    courier = courier.after(NO, NOW + timedelta(hours=24))
    assert [(lost.id, lost.why) for lost in courier.given_up] == [("ops:1", "no answer")]
    assert [each.id for each in courier.waiting] == ["2"]


def test_a_message_that_is_never_taken_holds_up_nothing() -> None:
    courier = waiting(1, 2).after(Delivery(delivered=False, why="400", hopeless=True), NOW)
    assert ([each.id for each in courier.waiting], len(courier.given_up)) == (["2"], 1)


def test_it_looks_less_often_while_there_is_nothing_and_often_after_something() -> None:
    courier, pauses = waiting(), list[float]()
    for _ in range(7):
        pauses.append(seconds(courier))
        courier = courier.found(FoundNews(alive=True))
    assert pauses == [5, 10, 20, 40, 80, 120, 120]
    courier = courier.found(FoundNews(news=[news(1)], alive=True)).after(DONE, NOW)
    assert seconds(courier) == 5


def test_it_ends_some_looks_after_the_rollout_and_never_before() -> None:
    courier = waiting()
    for _ in range(100):
        courier = courier.found(FoundNews(alive=True))
    assert not courier.ended
    courier = courier.found(FoundNews(news=[news(1)], alive=False))
    courier = courier.after(DONE, NOW)
    for _ in range(LAST_LOOKS):
        assert not courier.ended
        courier = courier.found(FoundNews(alive=False))
    assert courier.ended
    assert not courier.begun_again().ended


def test_it_does_not_end_while_a_message_waits() -> None:
    courier = waiting(1)
    for _ in range(20):
        courier = courier.after(NO, NOW).found(FoundNews(alive=False))
    assert not courier.ended


def test_it_ends_when_nobody_is_to_be_told() -> None:
    assert waiting().found(FoundNews(alive=True, deaf=True)).ended


def test_its_line_says_what_waits_and_why() -> None:
    line = CourierLine.of(waiting(1, 2).after(NO, NOW), NOW)
    assert (line.id, line.waiting, line.why) == ("news:ops:web-1", 2, "no answer")
    assert (line.failing, line.ended_at) == (NOW, None)
