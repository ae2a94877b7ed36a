"""Simultaneous starts, and deaths of the app's process, again and again. `make soak`.

Prints a line for each promise: how often it was kept, and what was seen where it was not. The exit
code is 1 when one was broken. The app runs in a process of its own, which dies by SIGKILL.
"""

import argparse
import logging
import sys
from itertools import batched
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests/support")]

from benchmarks.soak_kills import (
    Mortal,
    chosen,
    deaths_of_a_rollout,
    killed_at_random,
    killed_on_purpose,
)
from benchmarks.soak_starts import ROUNDS
from benchmarks.soak_world import Promises, world
from local.base import interrupt_on_stop
from local.host.store import AsAzure

SHORT_ROUNDS, SHORT_ROLLOUTS = 5, 6
STARTS_OF_A_WORLD = 10
"""Rounds of starts in one system: the app's own lists grow with what it has rolled."""
ROLLOUTS_OF_A_WORLD = 50


def main() -> int:
    options = _options()
    logging.basicConfig(level=logging.CRITICAL)
    interrupt_on_stop()
    promises, way = Promises(), AsAzure.sparing(options.as_azure)
    whole = False
    try:
        if options.only != "kills":
            _starts(promises, SHORT_ROUNDS if options.short else options.rounds, way)
        if options.only != "starts":
            rollouts = SHORT_ROLLOUTS if options.short else options.rollouts
            _kills(promises, rollouts, options.seed, way)
        whole = True
    except KeyboardInterrupt:
        print("interrupted: what was seen until then")
    finally:
        broken = promises.report()
    print(f"{broken} promise(s) broken" if broken else "every promise was kept")
    return 0 if whole and not broken else 1


def _starts(promises: Promises, rounds: int, way: AsAzure | None) -> None:
    for first in range(0, rounds, STARTS_OF_A_WORLD):
        last = min(first + STARTS_OF_A_WORLD, rounds)
        with world(Mortal().load, way) as system:
            for number in range(first, last):
                ROUNDS[number % len(ROUNDS)](system, promises, number)
        print(f"{last} of {rounds} rounds of simultaneous starts", flush=True)


def _kills(promises: Promises, rollouts: int, seed: int, way: AsAzure | None) -> None:
    """A sixth of them at random, the others where it is chosen."""
    at_random = max(1, rollouts // 6)
    there = deaths_of_a_rollout(way)
    planned = chosen(there, rollouts - at_random)
    killed = 0
    for deaths in batched(planned, ROLLOUTS_OF_A_WORLD, strict=False):
        killed_on_purpose(list(deaths), promises, way)
        killed += len(deaths)
        print(f"{killed} of {rollouts} rollouts whose process dies", flush=True)
    killed_at_random(at_random, Random(seed), promises, way)  # noqa: S311 - no secret
    covered = f"{len(set(planned))} of the {len(there)} places of a rollout"
    print(f"{rollouts} rollouts: killed in {covered}, {at_random} of them at random ({seed=})")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--short", action="store_true", help="what CI runs: under a minute")
    parser.add_argument("--rounds", type=int, default=100, help="of 30 starts (default: 100)")
    parser.add_argument("--rollouts", type=int, default=300, help="killed ones (default: 300)")
    parser.add_argument("--only", choices=["starts", "kills"], help="one half")
    parser.add_argument("--as-azure", metavar="SEED", help="with what Azure does by chance")
    parser.add_argument("--seed", type=int, default=1, help="of the kills at random (default: 1)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
