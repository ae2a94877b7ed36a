"""The timer that looks after what has nobody above it."""

from typing import Any

import azure.durable_functions as df
import azure.functions as func

from durable import is_anything_active, start_watch

WATCH_SCHEDULE = "0 */2 * * * *"
"""NCRONTAB: every two minutes. A rollout that broke off stands still for as long as this."""


def register_watch_timer(functions: df.Blueprint) -> None:
    """Register the timer. An orchestration does the work: it has a clock, and goes on after a
    crash.
    """

    async def watch_rollouts(timer: func.TimerRequest, client: Any) -> None:
        del timer
        if await is_anything_active(client):
            await start_watch(client)

    triggered = functions.timer_trigger(arg_name="timer", schedule=WATCH_SCHEDULE)(watch_rollouts)
    functions.durable_client_input(client_name="client")(triggered)
