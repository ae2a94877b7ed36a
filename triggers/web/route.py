"""The adapter between the Functions worker and an HTTP route."""

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from http import HTTPStatus

import azure.functions as func

from durable import Client, find_rollout
from rollout.access import AccessRules, Permission
from rollout.base import KNOWN_ID, Caller, Problem, Refused, SettingError
from rollout.run import RolloutView
from triggers.calls import CALLS
from triggers.web.admission import Access, admitted
from triggers.web.answers import conditional, not_found, problem_answer, secured
from triggers.web.bodies import refuse_if_too_large
from triggers.web.query import refuse_unknown_parameters

_logger = logging.getLogger("rollout.http")


@dataclass(frozen=True)
class Call:
    """One HTTP call: the request, Durable's client, and the id Functions gave the invocation."""

    req: func.HttpRequest
    client: Client
    invocation_id: str
    access: AccessRules = field(default_factory=AccessRules)
    caller: Caller | None = None
    """Who is signed in."""

    def may(self, permission: Permission) -> bool:
        """Whether the caller has that permission, too."""
        try:
            admitted(self.req, self.access, {permission})
        except Refused:
            return False
        return True

    async def rollout(self) -> RolloutView:
        """The rollout in the path. Raises Refused (404) if there is none.

        Durable's client puts an id into its own URLs unescaped, so only a valid id is passed to it.
        """
        rollout_id = self.req.route_params.get("id", "").lower()
        known = re.fullmatch(KNOWN_ID, rollout_id) is not None
        view = await find_rollout(self.client, rollout_id) if known else None
        if view is None:
            raise not_found(rollout_id)
        return view


@dataclass(frozen=True)
class Route:
    """A route: the name of its call, its handler, and the query parameters that it knows;
    `any_query` if it does not care. A caller needs one of the permissions in `needs`; none are for
    calls that show nothing of any rollout.
    """

    name: str
    handle: Callable[[Call], Awaitable[func.HttpResponse]]
    query: tuple[str, ...] = ()
    any_query: bool = False
    needs: frozenset[Permission] = frozenset({Permission.READ})

    @property
    def method(self) -> str:
        return CALLS[self.name].methods[0]

    @property
    def path(self) -> str:
        """Below /api."""
        return CALLS[self.name].path


def _not_set_up(error: SettingError) -> Problem:
    return Problem(
        status=503,
        title="A setting of the app is wrong",
        detail=f"{error}. Nothing was changed. Correct the app's settings; it starts again then.",
        errors=error.errors,
    )


async def answered(
    route: Route, access: Access, req: func.HttpRequest, client: Client, invocation_id: str
) -> func.HttpResponse:
    """The route's response to that request."""
    return secured(await _answered(route, Call(req, client, invocation_id), access))


async def _answered(route: Route, call: Call, access: Access) -> func.HttpResponse:
    """The response, or every problem as problem+json, even an unexpected error."""
    try:
        if route.needs:
            rules = access()
            caller = admitted(call.req, rules, route.needs)
            call = replace(call, access=rules, caller=caller)
        refuse_if_too_large(call.req)
        if not route.any_query:
            refuse_unknown_parameters(call.req, route.query)
        return conditional(call.req, await route.handle(call))
    except Refused as refused:
        return problem_answer(refused.problem)
    except SettingError as error:
        return problem_answer(_not_set_up(error))
    except Exception:
        _logger.exception("%s failed (invocation %s)", route.name, call.invocation_id)
        return problem_answer(_unexpected(call.invocation_id))


def _unexpected(invocation_id: str) -> Problem:
    """Without the exception's own text, which may contain anything: that is in the app's log."""
    return Problem(
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        title="An unexpected error",
        detail="Whether something was started is not known: look at GET /api/rollouts. The app's "
        f"log says what happened, under invocation {invocation_id}.",
    )
