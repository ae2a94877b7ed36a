"""The timer that purges old rollouts once a day."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import azure.durable_functions as df
import azure.functions as func

from durable import start_once
from rollout.base import SettingError
from rollout.retention import CLEAR_OUT, CLEAR_OUT_ID, ClearOut

SCHEDULE = "0 30 3 * * *"
"""NCRONTAB: second, minute, hour, day, month, day of week; in UTC."""

_logger = logging.getLogger("rollout.retention")


def register_retention_timer(functions: df.Blueprint, retention: Callable[[], timedelta]) -> None:
    """Register the timer; `retention` reads the setting, and may raise SettingError."""

    async def clear_out_daily(timer: func.TimerRequest, client: Any) -> None:
        """An orchestration does the work: it continues after a crash, and has a clock."""
        del timer
        try:
            order = ClearOut(retention=retention())
        except SettingError as error:
            _logger.error("Nothing is forgotten: %s", error)  # noqa: TRY400 - the message is enough
            return
        await start_once(client, CLEAR_OUT, CLEAR_OUT_ID, order.to_json())

    triggered = functions.timer_trigger(arg_name="timer", schedule=SCHEDULE)(clear_out_daily)
    functions.durable_client_input(client_name="client")(triggered)
