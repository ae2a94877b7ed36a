"""The verbs an operator has, and the rule of each."""

import pytest

from rollout.base import EventKind, Phase
from rollout.run import Control, Verb
from rollout.run.channel import CHANNELS, channel_of, channels
from rollout.run.verb import RULES

ENDS = {Verb.ABORT, Verb.ROLLBACK}
OF_INSTANCES = {Verb.RETRY, Verb.SKIP}


def test_each_verb_has_a_rule_in_the_order_of_the_verbs() -> None:
    assert list(RULES) == list(Verb)


@pytest.mark.parametrize("verb", Verb)
def test_a_verb_says_what_it_means(verb: Verb) -> None:
    assert verb.rule is RULES[verb]
    assert verb.rule.meaning
    assert verb.rule.fleet_meaning


def test_a_retry_makes_a_fleet_rollout_go_on_that_broke_off() -> None:
    assert (Verb.RETRY.rule.fleet_meaning or "").startswith("Go on after it broke off")


def test_each_verb_is_logged_as_a_kind_of_event_of_its_own() -> None:
    events = [rule.event for rule in RULES.values()]
    assert len(set(events)) == len(events)
    assert RULES[Verb.ROLLBACK].event is EventKind.ROLLBACK_REQUESTED


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase.ended])
def test_no_verb_is_for_what_has_ended(phase: Phase) -> None:
    assert [verb for verb in Verb if phase in verb.rule.phases] == []


@pytest.mark.parametrize(
    ("phase", "verbs"),
    [
        (Phase.PENDING, "pause abort rollback"),
        (Phase.PROGRESSING, "pause abort rollback"),
        (Phase.PAUSED, "resume pause abort rollback"),
        (Phase.AWAITING_APPROVAL, "approve pause abort rollback"),
        (Phase.ROLLING_BACK, "abort"),
    ],
)
def test_a_phase_takes_the_verbs_whose_rules_name_it(phase: Phase, verbs: str) -> None:
    assert [verb for verb in Verb if phase in verb.rule.phases] == verbs.split()


@pytest.mark.parametrize("verb", sorted(OF_INSTANCES))
def test_a_verb_about_failed_instances_is_taken_only_while_a_decision_is_needed(verb: Verb) -> None:
    assert verb in Control().verbs(Phase.PAUSED, needs_decision=True)
    assert not any(verb in Control().verbs(phase) for phase in Phase)


@pytest.mark.parametrize("verb", Verb)
def test_after_a_verb_that_ends_it_nothing_begins(verb: Verb) -> None:
    assert verb.ends is (verb in ENDS)
    assert verb.goes_on is (verb not in {*ENDS, Verb.PAUSE, Verb.BREAK_GLASS})


def test_each_end_has_an_event_of_its_own_and_the_others_share_one() -> None:
    assert {verb: channel_of(verb) for verb in Verb if verb.ends} == {
        Verb.ABORT: "abort",
        Verb.ROLLBACK: "rollback",
    }
    assert {channel_of(verb) for verb in Verb if not verb.ends} == {"command"}
    assert set(channels()) == set(CHANNELS) == {"command", "abort", "rollback"}
