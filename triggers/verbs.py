"""POST /api/rollouts/{id}/{verb}: what an operator tells a rollout."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

import azure.functions as func

from hub import rollouts as views
from hub.durable import raised
from hub.going_back import go_back, listening
from rollout.cell import Cell
from rollout.command import Command, CommandBody
from rollout.names import COMMAND
from rollout.phase import Verb
from rollout.problem import FieldError
from rollout.view import RolloutView
from triggers import bodies
from triggers.answers import answer, invalid
from triggers.route import Call, Route
from triggers.taking import done_already, refuse_unless_taken


def routes() -> list[Route]:
    """A route for each verb."""
    return [
        Route(f"{verb}_rollout", "POST", f"rollouts/{{id}}/{verb}", _tell(verb)) for verb in Verb
    ]


def _tell(verb: Verb) -> Callable[[Call], Awaitable[func.HttpResponse]]:
    """Saying the same thing twice is saying it once: both are accepted."""

    async def tell(call: Call) -> func.HttpResponse:
        body = bodies.read_optional(call.req, CommandBody)
        view = await call.rollout()
        refuse_unless_taken(verb, view, "rollout")
        await _refuse_unless_failed(call, verb, body, view)
        command = Command(verb=verb, **body.model_dump())
        if not done_already(verb, view):
            view = await _carry_out(call, view, command)
        return answer(view.to_json(), HTTPStatus.ACCEPTED)

    return tell


async def _carry_out(call: Call, view: RolloutView, command: Command) -> RolloutView:
    """Raises Refused when the rollout has ended in the meantime, and takes the verb no more."""
    if view.phase.ended:
        await go_back(call.client, view, command)
        return await call.rollout()
    if not await raised(call.client, await listening(call.client, view), COMMAND, command):
        view = await call.rollout()
        refuse_unless_taken(command.verb, view, "rollout")
    return view


async def _refuse_unless_failed(
    call: Call, verb: Verb, body: CommandBody, view: RolloutView
) -> None:
    """Only failed instances are retried or skipped; other verbs are about no instance."""
    if body.instance_ids is None:
        return
    if verb not in {Verb.RETRY, Verb.SKIP}:
        message = f"{verb} is about the whole rollout: leave it out"
        raise invalid([FieldError(path="instanceIds", message=message)])
    rows = await views.list_instances(call.client, view)
    failed = [row.instance_id for row in rows if row.state == Cell.FAILED.word]
    errors = [
        FieldError(
            path=f"instanceIds[{index}]",
            message=f"{one} has not failed: failed are {', '.join(failed) or 'none'}",
        )
        for index, one in enumerate(body.instance_ids)
        if one not in failed
    ]
    if errors:
        raise invalid(errors)
