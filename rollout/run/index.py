"""The lists of rollouts, of fleet rollouts, of followed images and of what the app looks after.

A long list is kept in shards: what is written for one rollout never rewrites the lines of all, and
rollouts that begin at once do not wait for one another.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from rollout.base import Phase
from rollout.run.log import State

INDEX_ENTITY = "rollout_index"
INDEX_KEY = "all"
FLEET_INDEX_KEY = "fleets"
FOLLOWED_INDEX_KEY = "followed"
REPAIRS_INDEX_KEY = "repairs"
STANDING_INDEX_KEY = "standing"
KEPT = 500
"""How many lines a list keeps: the newest, and all of what has not ended, however many these are.
The rollouts themselves are kept longer.
"""
SHARDS = 16
_IN_SHARDS = {INDEX_KEY, FLEET_INDEX_KEY, REPAIRS_INDEX_KEY, "news"}
"""The last is that of the couriers (rollout/news)."""
_KEPT_IN_SHARD = 64
"""Twice as many as fall to a shard of the newest 500: that the hashes of more of them meet in one
shard has a chance of one in some ten millions.
"""


def shards_of(index_key: str) -> list[str]:
    """The keys of the entities that a list is kept in."""
    if index_key not in _IN_SHARDS:
        return [index_key]
    return [f"{index_key}.{number}" for number in range(SHARDS)]


def shard_of(index_key: str, line_id: str) -> str:
    """The key of the entity that has that line: the same one for ever."""
    shards = shards_of(index_key)
    return shards[crc32(line_id.encode()) % len(shards)]


def list_of(shard: str) -> str:
    """The list that an entity of that key belongs to."""
    return shard.partition(".")[0]


def index_after(state: State | None, operation: str | None, payload: Any, shard: str) -> State:
    """That shard after "put": that rollout is in it once, with its latest line. After "add": it is
    in it, with that line unless it had one. After "drop": it is no longer in it. Raises ValueError
    for any other operation.
    """
    lines: State = state or {}
    if operation == "add" and payload["id"] in lines:
        return lines
    match operation:
        case "put" | "add":
            most = _KEPT_IN_SHARD if list_of(shard) in _IN_SHARDS else KEPT
            return _kept({**lines, payload["id"]: payload}, most)
        case "drop":
            return {line_id: line for line_id, line in lines.items() if line_id != payload}
        case _:
            raise ValueError(f"the list of rollouts has no operation {operation!r}")


def lines_of(shards: Iterable[State | None]) -> list[State]:
    """The lines of a list, newest first: by when each began, and what has yet to begin before
    those. A list in one shard has them in the order in which they were added.
    """
    found = [list(reversed((shard or {}).values())) for shard in shards]
    if len(found) == 1:
        return found[0]
    lines = sorted((line for shard in found for line in shard), key=_began, reverse=True)
    kept = _kept({line["id"]: line for line in reversed(lines)}, KEPT)
    return list(reversed(kept.values()))


def _began(line: State) -> datetime:
    for name in ("startedAt", "finishedAt", "since"):
        if at := line.get(name):
            return datetime.fromisoformat(at)
    return datetime.max.replace(tzinfo=UTC)


def _kept(lines: State, most: int) -> State:
    """Without the oldest lines of what has ended, as long as there are too many."""
    surplus = max(0, len(lines) - most)
    ended = [key for key, line in lines.items() if _has_ended(line)]
    forgotten = set(ended[:surplus])
    return {key: line for key, line in lines.items() if key not in forgotten}


def _has_ended(line: State) -> bool:
    """What has no phase, such as a followed image, is never active; what lasts `since` then lasts
    until it says that it is over. A phase that only a later version of the app knows may mean
    anything.
    """
    phase = line.get("phase")
    if phase is None:
        return "since" not in line or "restoredAt" in line or "endedAt" in line
    return phase in set(Phase) and Phase(phase).ended
