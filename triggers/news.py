"""The routes under /api/news: who is told, what waits, what was given up; and a test of it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

import azure.functions as func

from durable import courier_lines, given_up, strike_given_up
from rollout.access import Permission
from rollout.base import Problem, Refused, SettingError
from rollout.news import (
    Delivery,
    NewsReport,
    NewsRules,
    Receiver,
    Subject,
    Teller,
    TestedReceiver,
)
from rollout.plan import Audience
from triggers.web import Call, Route, answer


@dataclass(frozen=True)
class NewsAccess:
    """`rules` reads who is told what, `teller` what the app says of itself, and `test` tells a
    receiver that this is a test: the composition root passes them in.
    """

    rules: Callable[[], NewsRules]
    teller: Callable[[NewsRules], Teller]
    test: Callable[[Receiver, Teller, str], Awaitable[Delivery]]


def audience_of(rules: Callable[[], NewsRules], *subjects: Subject) -> list[Audience]:
    """Who will be told of any of these. Nobody, if the setting is wrong: health says that, and a
    rollout begins all the same.
    """
    try:
        return rules().audience_of(*subjects)
    except SettingError:
        return []


def news_routes(news: NewsAccess) -> list[Route]:
    """Whoever may start a rollout may try who is told of it."""

    async def view(call: Call) -> func.HttpResponse:
        rules = news.rules()
        lines, lost = await courier_lines(call.client), await given_up(call.client)
        return answer(NewsReport.of(rules, lines, lost).to_json())

    async def test(call: Call) -> func.HttpResponse:
        rules = news.rules()
        if not rules.receivers:
            raise Refused(_NOBODY)
        teller = news.teller(rules)
        tried = [news.test(each, teller, call.invocation_id) for each in rules.receivers]
        deliveries = await asyncio.gather(*tried)
        tested = [*map(TestedReceiver.of, rules.receivers, deliveries)]
        for outcome in tested:
            if outcome.delivered:
                await strike_given_up(call.client, outcome.receiver)
        return answer([outcome.to_json() for outcome in tested])

    return [
        Route("view_news", view),
        Route("test_news", test, needs=frozenset({Permission.START})),
    ]


_NOBODY = Problem(
    status=HTTPStatus.CONFLICT,
    title="Nobody is told",
    detail="The app setting ROLLOUT_NEWS names no receiver. Nothing was sent: name them there "
    "(docs/news.md).",
)
