"""What the timer does that purges old rollouts once a day."""

import logging
from collections.abc import Callable
from datetime import timedelta

from durable import Client, start_once
from rollout.base import SettingError
from rollout.retention import CLEAR_OUT, CLEAR_OUT_ID, ClearOut

_logger = logging.getLogger("rollout.retention")


async def clear_out_daily(retention: Callable[[], timedelta], client: Client) -> None:
    """An orchestration does the work: it continues after a crash, and has a clock. `retention`
    reads the setting, and may raise SettingError.
    """
    try:
        order = ClearOut(retention=retention())
    except SettingError as error:
        _logger.error("Nothing is forgotten: %s", error)  # noqa: TRY400 - the message is enough
        return
    await start_once(client, CLEAR_OUT, CLEAR_OUT_ID, order.to_json())
