"""The triggers: HTTP routes, the Event Grid trigger, and the timers.

What is here only tells Functions of them; `handlers` imports what answers, with the first call.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import azure.durable_functions as df
import azure.functions as func

from triggers.calls import CALLS, Address

if TYPE_CHECKING:
    from triggers.handlers import Handlers

_DAILY = "0 30 3 * * *"
"""NCRONTAB: second, minute, hour, day, month, day of week; in UTC."""
_WATCH = "0 */2 * * * *"
"""Every two minutes. A rollout that broke off stands still for as long as this."""


def trigger_blueprint(handlers: "Callable[[], Handlers]") -> df.Blueprint:
    """All of them, ready to be registered."""
    functions = df.Blueprint()
    for name, address in CALLS.items():
        _register_call(functions, name, address, handlers)
    _register_event(functions, handlers)
    _register_timers(functions, handlers)
    return functions


def _register_call(
    functions: df.Blueprint, name: str, address: Address, handlers: "Callable[[], Handlers]"
) -> None:
    # The worker needs `str` as the annotation of `client`; the decorator below sets that.
    async def handler(
        req: func.HttpRequest, context: func.Context, client: Any
    ) -> func.HttpResponse:
        return await handlers().http[name](req, client, context.invocation_id)

    handler.__name__ = name
    routed = functions.route(route=address.path, methods=address.methods, auth_level=address.level)(
        handler
    )
    functions.durable_client_input(client_name="client")(routed)


def _register_event(functions: df.Blueprint, handlers: "Callable[[], Handlers]") -> None:
    """Under the name that the event subscription uses."""

    async def on_image_published(event: str, client: Any) -> None:
        await handlers().image_published(event, client)

    triggered = functions.event_grid_trigger(  # pyright: ignore[reportUnknownMemberType]
        arg_name="event"
    )(on_image_published)
    functions.durable_client_input(client_name="client")(triggered)


def _register_timers(functions: df.Blueprint, handlers: "Callable[[], Handlers]") -> None:
    async def clear_out_daily(timer: func.TimerRequest, client: Any) -> None:
        del timer
        await handlers().clear_out(client)

    async def watch_rollouts(timer: func.TimerRequest, client: Any) -> None:
        del timer
        await handlers().watch(client)

    for schedule, work in ((_DAILY, clear_out_daily), (_WATCH, watch_rollouts)):
        triggered = functions.timer_trigger(arg_name="timer", schedule=schedule)(work)
        functions.durable_client_input(client_name="client")(triggered)
