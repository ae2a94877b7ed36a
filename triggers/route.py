"""The thin shell that the Functions worker sees around an HTTP route."""

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import azure.durable_functions as df
import azure.functions as func

from hub.durable import Client
from hub.rollouts import find_rollout
from rollout.problem import Problem, Refused, SettingError
from rollout.request import ROLLOUT_ID
from rollout.view import RolloutView
from triggers.answers import not_found, problem_answer
from triggers.headers import secured
from triggers.size import refuse_if_too_large

log = logging.getLogger("rollout.doors")


@dataclass(frozen=True)
class Call:
    """One HTTP call: the request, Durable's client, and the id Functions gave the invocation."""

    req: func.HttpRequest
    client: Client
    invocation_id: str

    async def rollout(self) -> RolloutView:
        """The rollout the path names. Raises Refused (404) when there is none.

        Durable's client puts an id into its own URLs as it is, so only what can be one goes there.
        """
        rollout_id = self.req.route_params.get("id", "")
        known = re.fullmatch(ROLLOUT_ID, rollout_id) is not None
        view = await find_rollout(self.client, rollout_id) if known else None
        if view is None:
            raise not_found(rollout_id)
        return view


@dataclass(frozen=True)
class Route:
    """A route: its name in Functions, method, path below /api, and the function that answers."""

    name: str
    method: str
    path: str
    handle: Callable[[Call], Awaitable[func.HttpResponse]]


def _not_set_up(error: SettingError) -> Problem:
    return Problem(
        status=503,
        title="A setting of the app is wrong",
        detail=f"{error}. Nothing was changed. Correct the app's settings; it starts again then.",
        errors=error.errors,
    )


async def _answered(route: Route, call: Call) -> func.HttpResponse:
    """The route's answer; every problem as problem+json, also one that nobody foresaw."""
    try:
        refuse_if_too_large(call.req)
        return await route.handle(call)
    except Refused as refused:
        return problem_answer(refused.problem)
    except SettingError as error:
        return problem_answer(_not_set_up(error))
    except Exception:
        log.exception("%s failed (invocation %s)", route.name, call.invocation_id)
        return problem_answer(_unforeseen(call.invocation_id))


def _unforeseen(invocation_id: str) -> Problem:
    """Without the exception's own text, which may hold anything: that is in the app's log."""
    return Problem(
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        title="Something went wrong that nobody foresaw",
        detail="Whether something was started is not known: look at GET /api/rollouts. The app's "
        f"log says what happened, under invocation {invocation_id}.",
    )


def register(functions: df.Blueprint, route: Route) -> None:
    """Register the route under its name."""

    # The worker checks annotations: a durable client's parameter must be `str` to it.
    async def shell(req: func.HttpRequest, context: func.Context, client: Any) -> func.HttpResponse:
        return secured(await _answered(route, Call(req, client, context.invocation_id)))

    shell.__name__ = route.name
    routed = functions.route(route=route.path, methods=[route.method])(shell)
    functions.durable_client_input(client_name="client")(routed)
