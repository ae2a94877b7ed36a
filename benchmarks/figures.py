"""All figures of the app: benchmarks/results.json, and the table in docs/performance.md.

`make bench`. Names of groups measure these alone, and keep what else results.json has.
"""

import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests/support")]

from benchmarks import calling, cold_start, reading, replaying, throughput
from benchmarks.figure import Figure

type Entries = list[dict[str, Any]]

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks/results.json"
PAGE = ROOT / "docs/performance.md"
GROUPS: dict[str, Callable[[], list[Figure]]] = {
    "calls": calling.figures,
    "turns": replaying.figures,
    "batches": replaying.figures_of_many_batches,
    "reads": reading.figures,
    "start": cold_start.figures,
    "throughput": throughput.figures,
}
HEAD = "| figure | at first | now | unit | target | reached |\n|---|---|---|---|---|---|"


def main() -> None:
    wanted = sys.argv[1:] or list(GROUPS)
    for group in wanted:
        print(f"{group} ...", flush=True)
        found = GROUPS[group]()
        print("\n".join([HEAD, *(figure.row for figure in found)]), flush=True)
        _write_results(group, found)
        _write_table(group, found)


def _write_results(group: str, found: list[Figure]) -> None:
    before: Entries = json.loads(RESULTS.read_text())["figures"] if RESULTS.exists() else []
    kept = [each for each in before if each["group"] != group]
    new: Entries = [{**figure.to_json(), "group": group} for figure in found]
    order = list(GROUPS)
    figures = sorted([*kept, *new], key=lambda each: order.index(str(each["group"])))
    RESULTS.write_text(json.dumps({"machine": _machine(), "figures": figures}, indent=1) + "\n")


def _write_table(group: str, found: list[Figure]) -> None:
    begin, end = f"<!-- {group} -->\n", f"<!-- end of {group} -->"
    before, _, rest = PAGE.read_text().partition(begin)
    _, _, after = rest.partition(end)
    table = "\n".join([HEAD, *(figure.row for figure in found)])
    PAGE.write_text(f"{before}{begin}{table}\n{end}{after}")


def _machine() -> str:
    return f"{os.cpu_count()} CPUs, {platform.machine()}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
