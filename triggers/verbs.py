"""POST /api/rollouts/{id}/{verb}: an operator's commands to a rollout."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

import azure.functions as func

from durable import (
    SAID,
    carry_out_ended,
    command_raised,
    find_rollout,
    heard_within,
    identified,
    list_instances,
    listening_id,
    starter_of,
)
from rollout.access import needed_for
from rollout.base import Cell, FieldError, invalid
from rollout.run import Command, CommandBody, RolloutView, Verb
from triggers.web import (
    Call,
    Route,
    answer,
    done_already,
    read_optional,
    refuse_own_approval,
    refuse_unless_allowed,
    refuse_without_reason,
)


def verb_routes() -> list[Route]:
    """A route for each verb."""
    return [Route(f"{verb}_rollout", _handler_of(verb), needs=needed_for(verb)) for verb in Verb]


def _handler_of(verb: Verb) -> Callable[[Call], Awaitable[func.HttpResponse]]:
    """Idempotent: a repeated command is accepted too."""

    async def handle(call: Call) -> func.HttpResponse:
        body = read_optional(call.req, CommandBody)
        view = await call.rollout()
        refuse_unless_allowed(verb, view, "rollout")
        if verb is Verb.APPROVE:
            refuse_own_approval(call, await starter_of(call.client, view.id))
        await _refuse_unless_failed(call, verb, body, view)
        refuse_without_reason(verb, body, "rollout")
        command = view.answered(verb, body, call.caller)
        if not done_already(verb, view):
            view = await _carry_out(call, view, command)
        return answer((await identified(call.client, view)).to_json(), HTTPStatus.ACCEPTED)

    return handle


async def _carry_out(call: Call, view: RolloutView, command: Command) -> RolloutView:
    """The view of what the verb will do. What would change nothing is not sent, so that it takes
    nobody's place; an end that nobody seems to have heard is said once more. Raises Refused if the
    rollout does not accept it any more.
    """
    for _ in range(SAID):
        if await carry_out_ended(call.client, view, command, call.invocation_id):
            return await call.rollout()
        if view.stands(command.verb):
            return view
        if await command_raised(call.client, await listening_id(call.client, view), command):
            heard = await heard_within(view, command, _look(call, view.id))
            if heard or not command.verb.ends:
                return view.accepting(command)
        refuse_unless_allowed(command.verb, view := await call.rollout(), "rollout")
    return view if view.stands(command.verb) else view.unheard(command)


def _look(call: Call, rollout_id: str) -> Callable[[], Awaitable[RolloutView | None]]:
    return lambda: find_rollout(call.client, rollout_id)


async def _refuse_unless_failed(
    call: Call, verb: Verb, body: CommandBody, view: RolloutView
) -> None:
    """Only failed instances can be retried or skipped; other verbs take no instance ids."""
    if body.instance_ids is None:
        return
    if verb not in {Verb.RETRY, Verb.SKIP}:
        message = f"{verb} applies to the whole rollout: leave it out"
        raise invalid([FieldError(path="instanceIds", message=message)])
    rows = await list_instances(call.client, view)
    failed = [row.instance_id for row in rows if row.state == Cell.FAILED.state]
    errors = [
        FieldError(
            path=f"instanceIds[{index}]",
            message=f"{instance_id} has not failed: failed are {', '.join(failed) or 'none'}",
        )
        for index, instance_id in enumerate(body.instance_ids)
        if instance_id not in failed
    ]
    if errors:
        raise invalid(errors)
