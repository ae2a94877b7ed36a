import pytest

from rollout.base import Phase, Proceed
from rollout.run import Command, Control, EndRequested, Verb, WaitForOperator, approval_asked


def said(*verbs: Verb) -> Control:
    """What has been said, in that order; each says who it was."""
    control = Control()
    for number, verb in enumerate(verbs):
        control = control.apply(Command(verb=verb, by=f"person {number}"))
    return control


LONG = "x" * 256
PAUSED = WaitForOperator(Phase.PAUSED, "Paused by person 0")
ASKED = WaitForOperator(Phase.AWAITING_APPROVAL, "Batch 2 waits for approval")


@pytest.mark.parametrize(
    ("verbs", "asked", "step"),
    [
        pytest.param([], None, Proceed(None), id="nothing said, nothing asked"),
        pytest.param([], ASKED.reason, ASKED, id="an approval is asked for"),
        pytest.param([Verb.APPROVE], ASKED.reason, Proceed(None), id="and given"),
        pytest.param([Verb.PAUSE], None, PAUSED, id="paused"),
        pytest.param([Verb.PAUSE, Verb.PAUSE], None, PAUSED, id="twice: the first one counts"),
        pytest.param([Verb.PAUSE, Verb.RESUME], None, Proceed(None), id="and resumed"),
        pytest.param([Verb.PAUSE, Verb.APPROVE], ASKED.reason, PAUSED, id="a pause comes first"),
        pytest.param([Verb.PAUSE, Verb.RESUME], ASKED.reason, ASKED, id="resumed is not approved"),
    ],
)
def test_before_a_batch(
    verbs: list[Verb], asked: str | None, step: Proceed[None] | WaitForOperator
) -> None:
    assert said(*verbs).before_step(asked) == step


@pytest.mark.parametrize("verb", [Verb.ABORT, Verb.ROLLBACK])
@pytest.mark.parametrize("before", [[], [Verb.PAUSE], [Verb.APPROVE]])
def test_an_end_comes_before_everything(verb: Verb, before: list[Verb]) -> None:
    step = said(*before, verb).before_step("asked")
    assert isinstance(step, EndRequested)
    assert step.command.verb is verb


def test_the_first_of_two_ends_counts() -> None:
    control = said(Verb.ABORT, Verb.ROLLBACK)
    assert control.ending is not None
    assert control.ending.verb is Verb.ABORT
    assert control.verbs(Phase.PROGRESSING) == []


def test_an_abort_takes_the_place_of_a_rollback_that_has_yet_to_begin() -> None:
    back = said(Verb.ROLLBACK)
    assert back.verbs(Phase.PROGRESSING) == [Verb.ABORT]
    control = said(Verb.ROLLBACK, Verb.ABORT, Verb.ROLLBACK)
    assert control.ending is not None
    assert control.ending.verb is Verb.ABORT


@pytest.mark.parametrize("verb", [Verb.PAUSE, Verb.ABORT, Verb.ROLLBACK])
def test_what_stands_changes_nothing_when_it_is_said_again(verb: Verb) -> None:
    assert [each for each in Verb if said(verb).stands(each)] == [verb]
    assert said(verb, verb) == said(verb)


def test_an_approval_is_for_one_batch() -> None:
    assert said(Verb.APPROVE).consumed().before_step("the next") == WaitForOperator(
        Phase.AWAITING_APPROVAL, "the next"
    )


def test_a_pause_holds_until_it_is_resumed() -> None:
    assert said(Verb.PAUSE).consumed().before_step(None) == PAUSED


@pytest.mark.parametrize(
    ("control", "phase", "needs_decision", "verbs"),
    [
        (Control(), Phase.PENDING, False, "pause abort rollback"),
        (Control(), Phase.PROGRESSING, False, "pause abort rollback"),
        (said(Verb.PAUSE), Phase.PENDING, False, "resume abort rollback"),
        (said(Verb.PAUSE), Phase.PROGRESSING, False, "resume abort rollback"),
        (said(Verb.PAUSE), Phase.PAUSED, False, "resume abort rollback"),
        (Control(), Phase.PAUSED, True, "retry skip abort rollback"),
        (Control(), Phase.AWAITING_APPROVAL, False, "approve pause abort rollback"),
        (said(Verb.ABORT), Phase.PROGRESSING, False, ""),
        (said(Verb.ABORT), Phase.ROLLING_BACK, False, ""),
        (said(Verb.ROLLBACK), Phase.PROGRESSING, False, "abort"),
        (Control(), Phase.ROLLING_BACK, False, "abort"),
    ],
)
def test_the_verbs_it_takes(
    control: Control, phase: Phase, *, needs_decision: bool, verbs: str
) -> None:
    assert control.verbs(phase, needs_decision=needs_decision) == verbs.split()


@pytest.mark.parametrize("phase", [phase for phase in Phase if not phase.ended])
@pytest.mark.parametrize("needs_decision", [False, True])
@pytest.mark.parametrize("before", [[], *([verb] for verb in Verb)])
def test_no_verb_is_offered_that_would_change_nothing(
    phase: Phase, before: list[Verb], *, needs_decision: bool
) -> None:
    if phase is Phase.PAUSED and not needs_decision:
        before = [Verb.PAUSE, *before]
    control = said(*before)
    for verb in control.verbs(phase, needs_decision=needs_decision):
        known = control.paused is None and verb is Verb.RESUME  # it was said a moment ago
        assert known or said(*before, verb) != control, verb


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase.ended])
def test_what_has_ended_takes_no_verb(phase: Phase) -> None:
    assert Control().verbs(phase) == []


@pytest.mark.parametrize(
    ("approval", "after_canary", "asked"),
    [
        ("none", True, None),
        ("canary", False, None),
        ("canary", True, "The canary is healthy: Batch 2 and all that follow wait for approval"),
        ("everyBatch", False, "Batch 2 waits for approval"),
    ],
)
def test_what_an_approval_is_asked_for(
    approval: str, *, after_canary: bool, asked: str | None
) -> None:
    assert approval_asked(approval, "Batch 2", after_canary=after_canary) == asked


@pytest.mark.parametrize(
    ("verb", "phase", "notice"),
    [
        (Verb.PAUSE, Phase.PROGRESSING, "Pause requested by person 0: it takes effect"),
        (Verb.ABORT, Phase.PROGRESSING, "Abort requested by person 0: what is under way"),
        (Verb.ROLLBACK, Phase.PROGRESSING, "Rollback requested by person 0: it begins"),
    ],
)
def test_what_was_said_is_noticed_until_it_takes_effect(
    verb: Verb, phase: Phase, notice: str
) -> None:
    assert str(said(verb).notice(phase)).startswith(notice)


def test_a_pause_that_has_taken_effect_needs_no_notice() -> None:
    assert said(Verb.PAUSE).notice(Phase.PAUSED) is None


def test_what_holds_until_it_is_taken_back_stands_and_the_rest_does_not() -> None:
    paused = Control(paused=Command(verb=Verb.PAUSE, by="person 0"))
    assert said(Verb.PAUSE, Verb.APPROVE).standing() == paused


@pytest.mark.parametrize("verb", [Verb.RETRY, Verb.SKIP, Verb.RESUME])
def test_a_decision_to_go_on_ends_a_pause(verb: Verb) -> None:
    assert said(Verb.PAUSE, verb).paused is None


def test_beside_an_end_no_pause_stands() -> None:
    ending = Control(ending=Command(verb=Verb.ROLLBACK, by="person 1"))
    assert said(Verb.PAUSE, Verb.ROLLBACK).standing() == ending


def test_when_nothing_was_said_nothing_stands() -> None:
    assert Control().standing() == Control()


def test_what_stands_is_said_in_few_words_and_without_instances() -> None:
    pause = Command(verb=Verb.PAUSE, by=LONG, reason=LONG, instance_ids=["3"])
    paused = Control().apply(pause).standing().paused
    assert paused is not None
    assert (paused.verb, paused.instance_ids) == (Verb.PAUSE, None)
    assert paused.by == paused.reason == "x" * 128 + " …"


@pytest.mark.parametrize("verb", Verb)
def test_every_verb_can_be_said(verb: Verb) -> None:
    before = said(Verb.PAUSE)
    assert (said(Verb.PAUSE, verb) == before) is (verb is Verb.PAUSE)


def test_the_last_of_two_decisions_counts() -> None:
    decision = said(Verb.RETRY, Verb.SKIP).decision
    assert decision == Command(verb=Verb.SKIP, by="person 1")


def test_an_end_outlives_what_is_used_up() -> None:
    control = said(Verb.RETRY, Verb.APPROVE, Verb.ABORT).consumed()
    assert control == Control(ending=Command(verb=Verb.ABORT, by="person 2"))
