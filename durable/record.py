"""Reads what is kept of a rollout: its record, and its event log in parts."""

import asyncio
from typing import Any

from durable.client import Client, entity_state, entity_states
from rollout.run import (
    FIRST_PART,
    LOG_ENTITY,
    RECORD_ENTITY,
    State,
    events_after,
    log_key,
    marked,
    parts_of,
    record_of,
)


async def read_record(client: Client, rollout_id: str) -> State:
    """All of it, the events of all parts in order."""
    state, parts = await _read(client, rollout_id)
    return record_of(state, parts)


async def read_baseline(client: Client, rollout_id: str) -> State:
    """What it keeps beside its events: its baseline and its reasons."""
    return record_of(await entity_state(client, RECORD_ENTITY, rollout_id), {})


async def read_parts(client: Client, rollout_id: str) -> dict[str, State | None]:
    """The parts of its event log, the newest last."""
    return (await _read(client, rollout_id))[1]


async def list_events(client: Client, rollout_id: str, after: str = "") -> list[dict[str, Any]]:
    """The event log, oldest first; only what arrived after that mark."""
    record = await read_record(client, rollout_id)
    return events_after(record["events"], marked(after))


async def last_event(client: Client, rollout_id: str) -> str:
    """How far its event log goes."""
    return (await read_record(client, rollout_id))["mark"]


async def _read(client: Client, rollout_id: str) -> tuple[State | None, dict[str, State | None]]:
    """Most logs have one part, which is read together with the record that names the parts."""
    state, first = await asyncio.gather(
        entity_state(client, RECORD_ENTITY, rollout_id),
        entity_state(client, LOG_ENTITY, log_key(rollout_id, FIRST_PART)),
    )
    names = parts_of(state)
    others = [name for name in names if name != FIRST_PART]
    keys = [log_key(rollout_id, name) for name in others]
    read = {
        FIRST_PART: first,
        **dict(zip(others, await entity_states(client, LOG_ENTITY, keys), strict=True)),
    }
    return state, {name: read[name] for name in names}
