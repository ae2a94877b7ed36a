"""What `make soak` concludes from what it has seen."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.soak_kills import Death, chosen, every_death, sent_blindly
from benchmarks.soak_world import Promises
from local.host.app import ACTIVITY, HTTP
from local.host.app.messages import Moment

SETS = "/subscriptions/s/resourceGroups/demo/providers/Microsoft.Compute/virtualMachineScaleSets"
LOOK, SEND = ("GET", "/virtualMachines"), ("POST", "/manualupgrade")


def requests(*served: tuple[str, str, str]) -> list[dict[str, str]]:
    return [{"method": method, "path": f"{SETS}/{name}{rest}"} for name, method, rest in served]


@pytest.mark.parametrize(
    ("served", "blind"),
    [
        ([("a", *LOOK), ("a", *SEND)], 0),
        ([("a", *SEND), ("a", *LOOK), ("A", *SEND)], 0),
        ([("a", *SEND), ("b", *LOOK), ("a", *SEND)], 1),
        ([("a", *SEND), ("b", *SEND)], 0),
        ([("a", *SEND), ("a", "GET", ""), ("a", *SEND), ("a", *SEND)], 2),
    ],
)
def test_an_upgrade_after_another_one_needs_a_look_at_the_instances_in_between(
    served: list[tuple[str, str, str]], blind: int
) -> None:
    assert len(sent_blindly(requests(*served))) == blind


def test_a_rollout_can_die_in_each_activity_turn_and_start_but_not_in_a_view() -> None:
    counts = Counter({(ACTIVITY, "look"): 2, (HTTP, "start_rollout"): 1, (HTTP, "view_rollout"): 9})
    deaths = every_death(counts)
    assert [(death.function, death.number, death.moment) for death in deaths] == [
        (name, number, moment)
        for name, number in [("look", 1), ("look", 2), ("start_rollout", 1)]
        for moment in Moment
    ]


def test_the_most_dangerous_deaths_come_first_and_all_come_when_there_is_room() -> None:
    urgent = Death(ACTIVITY, "start_upgrade", 1, Moment.AFTER)
    others = [Death(ACTIVITY, "look", number, Moment.BEFORE) for number in range(1, 10)]
    assert chosen([*others, urgent], 1) == [urgent]
    assert chosen([*others, urgent], 4) == [urgent, others[0], others[3], others[6]]
    assert set(chosen([*others, urgent], 15)) == {urgent, *others}
    assert len(chosen([*others, urgent], 15)) == 15


def test_each_broken_promise_is_counted_once_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    promises = Promises()
    promises.check("one wins", "", holds=True)
    for number in range(5):
        promises.check("nobody loses", f"loser {number}", holds=False)
    assert promises.report() == 1
    shown = capsys.readouterr().out
    assert "1 of 1      one wins\n" in shown
    assert "0 of 5      nobody loses\n" in shown
    assert "seen: loser 2\n" in shown
    assert "and 2 more\n" in shown


@pytest.mark.by_day(0)
@pytest.mark.timeout(300)
@pytest.mark.parametrize("options", [("--as-azure", "1"), ()], ids=str)
def test_a_short_soak_breaks_no_promise(options: tuple[str, ...]) -> None:
    soak = Path(__file__).parents[2] / "benchmarks/soak.py"
    command = [sys.executable, str(soak), "--short", *options]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "every promise was kept" in run.stdout
