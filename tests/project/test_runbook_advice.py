"""What the runbook advises can be done: a verb that it advises is taken in that state."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from builders import NEW, START, changed, fleet_rollout, inventory, planned, policy, spread
from endings import INSTANCES, last_message
from pages import prose

from rollout.base import LineStop, Phase, spoken
from rollout.batch import BatchOutcome, over_budget
from rollout.fleet import FleetEnding, FleetProgress, PostBakeCheck, WaveOutcome, wave_failure
from rollout.inventory import Health
from rollout.plan import Policy, plan_batches
from rollout.run import (
    Ask,
    Command,
    End,
    Progress,
    Retry,
    RolloutEnding,
    Verb,
    WaitForOperator,
    after_batch,
    after_which,
    approval_asked,
    concluded_by,
)

type State = Progress | FleetProgress

RUNBOOK, FLEETS = Path("docs/runbook.md"), Path("docs/fleets.md")
AGAIN = "say-rollback-again"
"""Where a state leads in which a rollback is said again."""
ADVICE = re.compile(r"POST /api/(rollouts|fleet-rollouts)/\{id\}/(\w+)")

BATCH = plan_batches(policy(), INSTANCES, NEW).batches[0]
THROUGH = BatchOutcome(cells="dddd")
FAILED = BatchOutcome(cells="dddf", reasons={"15": "on the target image but unhealthy"})
UNHEALTHY = BatchOutcome(
    cells="pppp",
    halt=over_budget(
        policy(),
        [],
        inventory(changed(INSTANCES.instances, map(str, range(5)), health=Health.UNHEALTHY)),
    ),
    unhealthy=True,
)
PLACE = f"Batch 1 of 5 ({BATCH.place})"
ABORT = Command(verb=Verb.ABORT, by="ann", reason="wrong image")
PAUSE = Command(verb=Verb.PAUSE, by="ann", reason="lunch")
TOO_LATE = Command(
    verb=Verb.PAUSE,
    by="the approval timeout",
    reason=f"none within {spoken(policy().approval_timeout)}",
)


def after(outcome: BatchOutcome, rules: Policy | None = None) -> Progress:
    """A rollout after its first batch, come to as the core comes to it."""
    progress = replace(planned(INSTANCES, rules).batch_started(BATCH, START), model_set=True)
    return progress.batch_finished(BATCH, outcome, START)


def ended[P: (Progress, FleetProgress)](progress: P, end: object) -> P:
    assert isinstance(end, End)
    said = end.message if isinstance(progress, FleetProgress) else last_message(progress, end)
    return progress.finished(end.phase, said, START)


def following(outcome: BatchOutcome, on_failure: str) -> Progress:
    """What the policy makes of that batch, where that is an end or a pause."""
    progress = after(outcome, policy(onFailure=on_failure))
    match after_batch(progress, BATCH, outcome):
        case Ask(failure):
            where = after_which(progress, BATCH.place)
            advice = "Retry or skip the failed instances, roll back, or abort."
            message = f"Paused {where}: {failure} {advice}"
            return progress.waiting_for_operator(Phase.PAUSED, message, needs_decision=True)
        case Retry(_, pause):
            assert pause
            return waiting(progress, pause)
        case end:
            return ended(progress, end)


def waiting[P: (Progress, FleetProgress)](
    progress: P, *commands: Command, asked: str | None = None
) -> P:
    """One that waits before its next step, because of these commands or for this approval."""
    for command in commands:
        progress = progress.apply(command)
    step = progress.control.before_step(asked)
    assert isinstance(step, WaitForOperator)
    return progress.waiting_for_operator(step.phase, step.reason)


def stopped(reason: str) -> Progress:
    """One that stopped for a reason that has nothing to do with health."""
    progress = after(THROUGH)
    return ended(progress, End(Phase.FAILED, RolloutEnding(progress).stopped(reason)))


def undecided() -> Progress:
    progress = after(FAILED)
    failure = f"{FAILED.reasons['15']}. No decision was made in time."
    return ended(progress, End(Phase.FAILED, RolloutEnding(progress).failed(PLACE, failure)))


def aborted(progress: Progress) -> Progress:
    return ended(progress, concluded_by(ABORT, RolloutEnding(progress)))


def back(reason: str) -> Progress:
    """One whose rollback has failed for that reason."""
    progress = after(THROUGH).starting_rollback()
    return ended(progress, End(Phase.FAILED, RolloutEnding(progress).stopped(reason)))


def fleet(*cells: str) -> FleetProgress:
    """A fleet rollout whose waves came to these cells."""
    progress = FleetProgress.begun(fleet_rollout(*map(len, cells)), START)
    for index, letters in enumerate(cells):
        order = progress.order.wave(index, START)
        outcome = WaveOutcome(cells=letters)
        progress = progress.wave_started(index).wave_finished(index, outcome, order)
    return progress


def fleet_stopped(progress: FleetProgress, reason: str | None) -> FleetProgress:
    return ended(progress, End(Phase.FAILED, FleetEnding(progress).stopped(reason or "")))


def ill_after_bake() -> FleetProgress:
    there = inventory(
        [one.model_copy(update={"image": NEW, "health": Health.UNHEALTHY}) for one in spread(2)],
        image=NEW,
    )
    reason = f"set-0 is not healthy after its bake: {PostBakeCheck(policy(), there).failure}"
    return fleet_stopped(fleet("d", "p"), reason)


def fleet_aborted() -> FleetProgress:
    progress = fleet("d", "p")
    return ended(progress, concluded_by(ABORT, FleetEnding(progress)))


def fleet_back() -> FleetProgress:
    progress = fleet("f").starting_rollback()
    return fleet_stopped(progress, FleetEnding(progress).rollback_failed())


@dataclass(frozen=True)
class Case:
    """A state in which somebody reads an entry: the one that has this text. Unless the entry is
    about another rollout than the one that is told to do something, its message matches that text.
    """

    page: Path
    entry: str
    state: State
    says: bool = True

    def __str__(self) -> str:
        return f"{self.page.stem}: {self.entry}"

    @property
    def collection(self) -> str:
        return "rollouts" if isinstance(self.state, Progress) else "fleet-rollouts"


RUNNING = planned(INSTANCES).batch_started(BATCH, START)
STOPPED_LINE = LineStop(since=START, reason="a kernel bug", by="ann")
NOT_BACK = (
    "of … instances are not healthy that were so before the rollout",
    "someone else has set the model to …: it is not ours",
    "the upgrade policy is …: a change of the model would let Azure take instances down",
    "the rollback failed. instance …: …",
    "the rollback could not go on: …",
    "the rollback is not complete. instance …: …",
)
CASES = [
    Case(RUNBOOK, "is active on …, and there is only ever one", RUNNING, says=False),
    Case(
        RUNBOOK,
        "Stopped: …. … instance(s) run … and are healthy",
        stopped("someone changed the image"),
    ),
    Case(
        RUNBOOK,
        "instances are unhealthy that were not before the rollout, and at most … may be",
        following(UNHEALTHY, "stop"),
    ),
    Case(RUNBOOK, "Paused after batch …: …", following(FAILED, "pause")),
    Case(
        RUNBOOK,
        "Nothing begins: the line was stopped at … UTC by …: …",
        RUNNING.doing(f"Nothing begins: {STOPPED_LINE.message}"),
    ),
    Case(RUNBOOK, "No decision was made in time.", undecided()),
    Case(RUNBOOK, '"Try again" below means', following(FAILED, "pause"), says=False),
    *(
        Case(RUNBOOK, asked, waiting(RUNNING, asked=approval_asked(kind, PLACE, after_canary=True)))
        for kind, asked in (
            ("everyBatch", "… waits for approval"),
            ("canary", "The canary is healthy: … and all that follow wait for approval"),
        )
    ),
    Case(RUNBOOK, "Paused by the approval timeout (none within …)", waiting(RUNNING, TOO_LATE)),
    Case(RUNBOOK, "Paused by the health gate (…)", following(UNHEALTHY, "pause")),
    Case(RUNBOOK, "Paused by … (…)", waiting(RUNNING, PAUSE)),
    Case(RUNBOOK, "Aborted by … after batch … of …. …", aborted(after(THROUGH))),
    Case(
        RUNBOOK,
        "Aborted by …. No instance was touched.",
        aborted(replace(planned(INSTANCES), model_set=True)),
    ),
    *(Case(RUNBOOK, reason, back(reason)) for reason in NOT_BACK),
    Case(RUNBOOK, "back on its image but unhealthy", back("x"), says=False),
    Case(RUNBOOK, "A rollback that has failed, was aborted or terminated", back("x"), says=False),
    Case(FLEETS, "Fleet rollout … includes … too.", fleet("d", "p"), says=False),
    Case(
        FLEETS,
        "scale set(s) of wave … failed, and at most … may (maxFailedScaleSets): …",
        fleet_stopped(fleet("f", "p"), wave_failure(fleet("f", "p"), 0)),
    ),
    Case(FLEETS, "is not healthy after its bake: …", ill_after_bake()),
    Case(FLEETS, "the rollback is not complete: …", fleet_back()),
    Case(
        FLEETS,
        "Terminated through Durable's management API: nothing more of it begins",
        RUNNING,
        says=False,
    ),
    Case(FLEETS, "Aborted by …. … of … scale set(s) are done", fleet_aborted()),
    Case(
        FLEETS,
        "Wave … (… scale set(s)) waits for approval",
        waiting(fleet("d", "p"), asked="Wave prod (1 scale set(s)) waits for approval"),
    ),
    Case(
        FLEETS,
        "Paused by the approval timeout (none within …)",
        waiting(fleet("d", "p"), TOO_LATE),
    ),
]


def entries(page: Path) -> Iterator[str]:
    """What stands together on a page: a row of a table, or a paragraph."""
    paragraph: list[str] = []
    for line in [*prose(page).splitlines(), ""]:
        if line and not line.startswith(("|", "#")):
            paragraph.append(line)
            continue
        yield from (_plain(text) for text in (" ".join(paragraph), line) if text)
        paragraph = []


def _plain(text: str) -> str:
    return " ".join(text.replace("`", "").split())


def entries_of(case: Case) -> list[str]:
    return [entry for entry in entries(case.page) if case.entry.rstrip(" …:") in entry]


def matches(text: str, message: str) -> bool:
    pattern = ".*".join(map(re.escape, text.split("…")))
    return re.search(pattern, message) is not None


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_advised_verb_is_taken_then(case: Case) -> None:
    found = [entry for entry in entries_of(case) if ADVICE.search(entry) or AGAIN in entry]
    assert found, "there is no such entry that advises something: is it worded otherwise now?"
    for entry in found:
        advised = {verb for where, verb in ADVICE.findall(entry) if where == case.collection}
        again = {"rollback"} if AGAIN in entry and case.page is RUNBOOK else set[str]()
        assert advised | again <= set(case.state.verbs)
        assert advised or AGAIN in entry


@pytest.mark.parametrize("case", [case for case in CASES if case.says], ids=str)
def test_the_state_is_the_one_that_says_so(case: Case) -> None:
    assert matches(case.entry, case.state.message), case.state.message


@pytest.mark.parametrize("page", [RUNBOOK, FLEETS], ids=str)
def test_every_advice_has_been_tried(page: Path) -> None:
    tried = {entry for case in CASES if case.page == page for entry in entries_of(case)}
    advising = [entry for entry in entries(page) if ADVICE.search(entry) or f"#{AGAIN}" in entry]
    assert len(advising) > 5
    assert not [entry for entry in advising if entry not in tried]
