"""The thin shell that the Functions worker sees around an HTTP route."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import azure.durable_functions as df
import azure.functions as func

from hub.durable import Client
from hub.rollouts import find_rollout
from rollout.problem import Problem, Refused, SettingError
from rollout.request import ROLLOUT_ID
from rollout.view import RolloutView
from triggers.answers import not_found, problem_answer


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


def register(functions: df.Blueprint, route: Route) -> None:
    """Register the route under its name."""

    # The worker checks annotations: a durable client's parameter must be `str` to it.
    async def shell(req: func.HttpRequest, context: func.Context, client: Any) -> func.HttpResponse:
        try:
            return await route.handle(Call(req, client, context.invocation_id))
        except Refused as refused:
            return problem_answer(refused.problem)
        except SettingError as error:
            return problem_answer(_not_set_up(error))

    shell.__name__ = route.name
    routed = functions.route(route=route.path, methods=[route.method])(shell)
    functions.durable_client_input(client_name="client")(routed)
