"""Begins the couriers that deliver news, and sees to it that they go on."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, cast

import azure.durable_functions as df

from durable.client import (
    Client,
    OrchestrationInstance,
    add_to_list,
    find_instance,
    index_lines,
    start,
)
from durable.fleets import listed_fleets
from durable.follow import list_followed
from durable.line import line_now
from durable.record import read_record
from durable.repairs import repairs_lines
from durable.rollouts import listed_rollouts
from rollout.base import SettingError
from rollout.fleet import ROLL_OUT_FLEET
from rollout.follow import FOLLOW_IMAGE
from rollout.line import LINE_ID, STOP_THE_LINE
from rollout.news import (
    DELIVER_NEWS,
    GIVEN_UP_INDEX_KEY,
    NEWS_INDEX_KEY,
    Courier,
    CourierLine,
    GivenUp,
    NewsRules,
    Subject,
    SubjectKind,
    courier_id,
    needs_courier,
)
from rollout.run import (
    INDEX_ENTITY,
    ROLL_OUT,
    ProgressFields,
    State,
    rollback_id,
    rollout_of,
    shard_of,
)

type ReadRules = Callable[[], NewsRules]

_KINDS = {
    ROLL_OUT: SubjectKind.ROLLOUT,
    ROLL_OUT_FLEET: SubjectKind.FLEET,
    FOLLOW_IMAGE: SubjectKind.IMAGE,
    STOP_THE_LINE: SubjectKind.APP,
}
_logger = logging.getLogger("rollout.news")


class _Announcing:
    """Durable's client, which begins the couriers of whatever it starts, before that begins: a
    process may die at any moment, and nobody else would know of a rollout that ends soon.
    """

    def __init__(self, client: Client, rules: NewsRules) -> None:
        self._client = client
        self._rules = rules

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    async def start_new(
        self, orchestration_function_name: str, instance_id: str, client_input: Any
    ) -> str:
        if kind := _KINDS.get(orchestration_function_name):
            subject = Subject(kind=kind, id=rollout_of(instance_id))
            await _begin_all(self._client, self._rules, subject)
        return await self._client.start_new(orchestration_function_name, instance_id, client_input)


def announcing(client: Client, read_rules: ReadRules) -> Client:
    """The client for all that may start a rollout; the client itself if nobody is to hear of it.
    Settings that are wrong are said by the app's health: a rollout begins all the same.
    """
    try:
        rules = read_rules()
    except SettingError:
        return client
    return cast("Client", _Announcing(client, rules)) if rules.receivers else client


async def _begin_all(client: Client, rules: NewsRules, subject: Subject) -> None:
    """News never keep a rollout from beginning: what fails here, the timer does again."""
    names = [receiver.name for receiver in rules.hearing_of(subject)]
    try:
        await asyncio.gather(*(_begin(client, name, subject) for name in names))
    except Exception:
        _logger.exception("The couriers of %s could not be started", subject.id)


async def _begin(client: Client, receiver: str, subject: Subject) -> None:
    """Begin a courier, where an earlier one of the same id stood; nothing if it runs. It is listed
    first: what breaks in its first step is found by the list only.
    """
    there = await find_instance(client, courier_id(receiver, subject))
    if there and there.active:
        return
    courier = _stood(there) or Courier(receiver=receiver, subject=subject)
    courier = courier.begun_again()
    await add_to_list(client, NEWS_INDEX_KEY, CourierLine.of(courier), "put")
    await start(client, DELIVER_NEWS, courier.instance_id, courier.to_json())


def _stood(ended: OrchestrationInstance | None) -> Courier | None:
    """Where it stood at its end, or when its last generation began: nothing is lost by that, and
    what it delivered since is delivered again, under the same ids.
    """
    if ended is None:
        return None
    return Courier.from_json(ended.output if ended.status == "Completed" else ended.input)


async def courier_lines(client: Client) -> list[CourierLine]:
    """The couriers, and what waits."""
    return [CourierLine.from_json(line) for line in await index_lines(client, NEWS_INDEX_KEY)]


async def given_up(client: Client) -> list[GivenUp]:
    """The messages that were not delivered."""
    return [GivenUp.from_json(line) for line in await index_lines(client, GIVEN_UP_INDEX_KEY)]


async def strike_given_up(client: Client, receiver: str) -> None:
    """Take out of that list what was meant for a receiver: it has taken a test since."""
    for lost in await given_up(client):
        if lost.receiver == receiver:
            await _drop(client, GIVEN_UP_INDEX_KEY, lost.id)


async def keep_couriers(client: Client, read_rules: ReadRules) -> None:
    """Begin again every courier that is needed and does not run: its worker has died, or it ended
    before its rollout went on.
    """
    try:
        rules = read_rules()
    except SettingError:
        return
    if not rules.receivers:
        return
    lines = {line.id: line for line in await courier_lines(client)}
    wanted = {line.id: (line.receiver, line.subject) for line in lines.values() if line.open}
    for subject, shown, pending in await _subjects(client):
        for receiver in rules.hearing_of(subject):
            line = lines.get(courier_id(receiver.name, subject))
            if needs_courier(shown, line, pending=pending):
                wanted[courier_id(receiver.name, subject)] = (receiver.name, subject)
    for receiver, subject in wanted.values():
        await _begin_or_log(client, receiver, subject)


async def _begin_or_log(client: Client, receiver: str, subject: Subject) -> None:
    """The others do not wait for one that cannot be begun, such as one that only a later version of
    the app can read.
    """
    try:
        await _begin(client, receiver, subject)
    except Exception:
        _logger.exception("The courier %s could not be begun", courier_id(receiver, subject))


async def _subjects(client: Client) -> Iterable[tuple[Subject, ProgressFields | None, bool]]:
    """All that is listed; its line, and whether something of it is still looked after."""
    rollouts, fleets = await listed_rollouts(client), await listed_fleets(client)
    stopped = await line_now(client) is not None
    left = {line.id for line in (await repairs_lines(client)).values() if line.pending}
    return [
        *((Subject(kind=SubjectKind.ROLLOUT, id=it.id), it, it.id in left) for it in rollouts),
        *((Subject(kind=SubjectKind.FLEET, id=it.id), it, False) for it in fleets),
        *(
            (Subject(kind=SubjectKind.IMAGE, id=it.id), None, it.active)
            for it in await list_followed(client)
        ),
        (Subject(kind=SubjectKind.APP, id=LINE_ID), None, stopped),
    ]


async def read_log_of(client: Client, subject: Subject) -> tuple[State, bool]:
    """The record with the whole event log, and whether more may still be written: asked before the
    log is read.
    """
    ids = (subject.id, rollback_id(subject.id))
    found = [await find_instance(client, instance_id) for instance_id in ids]
    alive = any(each.active for each in found if each)
    return await read_record(client, subject.id), alive


async def forget_couriers(client: Client, read_rules: ReadRules, subject_id: str) -> None:
    """Purge what Durable keeps of the couriers of a rollout or fleet rollout that is forgotten,
    also of receivers that are named no more: the id may be used again.
    """
    subject = Subject(kind=SubjectKind.ROLLOUT, id=subject_id)
    ids = {line.id for line in await courier_lines(client) if line.subject.id == subject_id}
    with suppress(SettingError):  # then those that are listed, at least
        ids |= {courier_id(receiver.name, subject) for receiver in read_rules().receivers}
    for instance_id in sorted(ids):
        await client.purge_instance_history(instance_id)
        await _drop(client, NEWS_INDEX_KEY, instance_id)


async def _drop(client: Client, index_key: str, line_id: str) -> None:
    index = df.EntityId(INDEX_ENTITY, shard_of(index_key, line_id))
    await client.signal_entity(index, "drop", line_id)
