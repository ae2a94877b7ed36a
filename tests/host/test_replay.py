"""The replay core and the guard, on action lists and histories written out by hand."""

from collections.abc import Sequence

import pytest

from local.host.replay import history
from local.host.replay.actions import Action, ActionType, Retry
from local.host.replay.guard import divergence
from local.host.replay.history import Event
from local.host.replay.replayer import NonDeterministicWorkflow, Replayed, replay

NOW = "2026-01-01T00:00:00.0000000Z"
HOUR = "2026-01-01T01:00:00.0000000Z"
EXECUTION = "e" * 32
A = Action(ActionType.CALL_ACTIVITY, "a", "1")
B = Action(ActionType.CALL_ACTIVITY, "b", "2")
C = Action(ActionType.CALL_ACTIVITY, "c", "3")
TIMER = Action(ActionType.CREATE_TIMER, fire_at=HOUR)
CANCELLED = Action(ActionType.CREATE_TIMER, fire_at=HOUR, cancelled=True)
EVENT = Action(ActionType.WAIT_FOR_EVENT, "go")
SIGNAL = Action(ActionType.SIGNAL_ENTITY, "add", "1", instance="@counter@k")
CALL = Action(ActionType.CALL_ENTITY, "add", "1", instance="@counter@k")
AGAIN = Action(ActionType.CONTINUE_AS_NEW, input="7")
RETRIED = Action(
    ActionType.WHEN_ALL,
    children=(Action(ActionType.CALL_ACTIVITY_WITH_RETRY, "r", "9", retry=Retry(1000, 2)),),
)

STARTED = history.execution_started(NOW, "o", None, None, "it", 1, None)
OPENED = history.orchestrator_started(NOW)


def both(*children: Action) -> Action:
    return Action(ActionType.WHEN_ALL, children=children)


def either(*children: Action) -> Action:
    return Action(ActionType.WHEN_ANY, children=children)


def completed(task: int) -> Event:
    return history.task_completed(NOW, task, "null")


def failed(task: int) -> Event:
    return history.task_failed(NOW, task, "no", "luck")


def fired(task: int) -> Event:
    return history.timer_fired(NOW, task, NOW)


def raised(name: str) -> Event:
    return history.event_raised(NOW, name, "1")


def after(actions: Sequence[Action], *events: Event) -> Replayed:
    return replay([OPENED, STARTED, *events], actions, EXECUTION)


def scheduled(replayed: Replayed) -> str:
    return " ".join(
        f"{command.id}:{command.name or command.kind}" for command in replayed.scheduled
    )


PAUSE = "pause between attempts"


@pytest.mark.parametrize(
    ("actions", "events", "ids"),
    [
        ([A, B], [], "0:a"),
        ([A, B], [completed(0)], "0:a 1:b"),
        ([A, B], [failed(0)], "0:a 1:b"),
        ([both(A, B), C], [completed(0)], "0:a 1:b"),
        ([both(A, B), C], [failed(0)], "0:a 1:b"),
        ([both(A, B), C], [failed(0), completed(1)], "0:a 1:b 2:c"),
        ([either(A, B), C], [completed(1)], "0:a 1:b 2:c"),
        ([either(A, TIMER), C], [fired(1)], "0:a 1:timer 2:c"),
        ([EVENT, A], [], ""),
        ([EVENT, A], [raised("go")], "0:a"),
        ([A, EVENT, B], [raised("go"), completed(0)], "0:a 1:b"),
        ([either(EVENT, TIMER), A], [raised("go")], "0:timer 1:a"),
        ([CANCELLED, A], [], "0:timer 1:a"),
        ([SIGNAL, A], [], "0:add 1:a"),
        ([CALL, A], [], "0:add"),
        ([CALL, A], [raised(history.request_id(EXECUTION, 0))], "0:add 1:a"),
        ([RETRIED, A], [failed(0)], f"0:r 1:{PAUSE}"),
        ([RETRIED, A], [failed(0), fired(1)], f"0:r 1:{PAUSE} 2:r"),
        ([RETRIED, A], [failed(0), fired(1), completed(2)], f"0:r 1:{PAUSE} 2:r 3:a"),
        (
            [RETRIED, A],
            [failed(0), fired(1), failed(2), fired(3)],
            f"0:r 1:{PAUSE} 2:r 3:{PAUSE} 4:a",
        ),
        ([both(A, RETRIED), C], [failed(0), failed(1)], f"0:a 1:r 2:{PAUSE}"),
    ],
)
def test_ids_are_given_when_the_extension_invokes_an_action(
    actions: list[Action], events: list[Event], ids: str
) -> None:
    assert scheduled(after(actions, *events)) == ids


@pytest.mark.parametrize(
    ("actions", "events", "still_open"),
    [
        ([A], [completed(0)], set[int]()),
        ([either(A, TIMER)], [completed(0)], {1}),
        ([either(A, CANCELLED)], [completed(0)], set[int]()),
        ([SIGNAL], [], set[int]()),
        ([either(A, B)], [completed(0)], {1}),
        ([A], [completed(0), completed(0)], set[int]()),
    ],
)
def test_open_is_what_nothing_has_completed(
    actions: list[Action], events: list[Event], still_open: set[int]
) -> None:
    assert after(actions, *events).open == still_open


def test_the_last_attempts_pause_is_due_at_once() -> None:
    replayed = after([RETRIED], failed(0), fired(1), failed(2))
    assert [command.fire_at for command in replayed.scheduled] == [
        "",
        "2026-01-01T00:00:01.0000000Z",
        "",
        NOW,
    ]


def test_a_history_that_ran_ahead_of_the_replay_is_not_deterministic() -> None:
    with pytest.raises(NonDeterministicWorkflow, match="task id 0"):
        after([], history.task_scheduled(NOW, 0, "a", "1"))


def test_another_function_under_the_same_id_is_not_deterministic() -> None:
    with pytest.raises(NonDeterministicWorkflow, match="activity 'a'"):
        after([A], history.task_scheduled(NOW, 0, "b", "1"))


def test_commands_are_new_until_history_holds_them() -> None:
    written = history.task_scheduled(NOW, 0, "a", "1")
    replayed = after([A, B], written, completed(0))
    assert [command.name for command in replayed.new] == ["b"]


def test_continue_as_new_gives_the_next_input() -> None:
    replayed = after([A, AGAIN], completed(0))
    assert (replayed.next_input, replayed.finished) == ("7", True)


def test_a_thousand_signals_in_a_row_are_no_deeper_than_one() -> None:
    assert len(after([SIGNAL] * 1000).scheduled) == 1000


def turns(*steps: tuple[Event | None, int]) -> list[Event]:
    """One turn per completion, each with the number of leaves in the answer; the last is open."""
    events: list[Event] = []
    for event, leaves in steps:
        events += [OPENED, STARTED if event is None else event]
        events.append(history.orchestrator_completed(NOW, leaves))
    return events[:-1]


def judged(actions: list[Action], *steps: tuple[Event | None, int]) -> str | None:
    past = turns(*steps)
    leaves = [leaf for action in actions for leaf in (action.children or (action,))]
    flat = [leaf for each in leaves for leaf in (each.children or (each,))]
    return divergence(past, flat, replay(past, actions, EXECUTION).scheduled)


@pytest.mark.parametrize(
    ("actions", "steps"),
    [
        ([A, B], [(None, 1), (completed(0), 2)]),
        ([RETRIED, A], [(None, 1), (failed(0), 1), (fired(1), 1), (completed(2), 2)]),
        (
            [RETRIED, A],
            [(None, 1), (failed(0), 1), (fired(1), 1), (failed(2), 1), (fired(3), 2)],
        ),
        ([both(A, B), C], [(None, 2), (failed(0), 3), (completed(1), 3)]),
        ([either(EVENT, TIMER), A], [(None, 2), (raised("go"), 3)]),
        ([SIGNAL, CALL, A], [(None, 2), (raised(history.request_id(EXECUTION, 1)), 3)]),
    ],
)
def test_the_guard_lets_safe_patterns_pass(
    actions: list[Action], steps: list[tuple[Event | None, int]]
) -> None:
    assert judged(actions, *steps) is None


@pytest.mark.parametrize(
    ("actions", "steps"),
    [
        ([both(A, RETRIED), C], [(None, 2), (failed(0), 3), (failed(1), 3)]),
        ([either(RETRIED, TIMER), A], [(None, 2), (failed(0), 2), (fired(1), 2), (fired(2), 3)]),
    ],
)
def test_the_guard_names_the_rule_where_ids_differ(
    actions: list[Action], steps: list[tuple[Event | None, int]]
) -> None:
    assert "Yield call_activity_with_retry" in (judged(actions, *steps) or "")
