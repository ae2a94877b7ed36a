"""Starts by Durable's own client, in a process of their own.

Its SDK keeps one session for all clients of a process, bound to the loop that used it first: the
app's would no longer serve after a loop of the test's own.
"""

import asyncio
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import cast

import azure.durable_functions as df

from durable import Client, start_once
from local.host.http.links import client_json
from rollout.run import HOLD_LOCK, Lock


def held_by(url: str, key: str, *owners: str) -> list[bool]:
    """Whether each owner, one after the other, was told that the lock is theirs."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as elsewhere:
        return elsewhere.submit(_held, url, key, owners).result()


def _held(url: str, key: str, owners: tuple[str, ...]) -> list[bool]:
    client = cast("Client", df.DurableOrchestrationClient(client_json(url, "VmssRollout")))

    async def asked() -> list[bool]:
        locks = [Lock(owner=owner, fingerprint="", token=owner) for owner in owners]
        return [await start_once(client, HOLD_LOCK, key, each.to_json()) for each in locks]

    return asyncio.run(asked())
