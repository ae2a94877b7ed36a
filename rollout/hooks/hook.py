"""A hook: who is told before a batch takes instances down, or when they are back."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, JsonValue, StrictBool

from rollout.base import Pause, PositiveDuration, Request
from rollout.gates import CallbackCall, CheckName, HttpCall

MOST_HOOKS = 8


class HookPlace(StrEnum):
    """When a hook is called."""

    BEFORE_BATCH = "beforeBatch"
    AFTER_BATCH = "afterBatch"


class HttpHook(HttpCall):
    """Posts to a URL which instances it is about. It is done when the status is one of `status`
    and, if there is one, `condition` is true; while `notYet` is true, it is at work.
    """

    body: JsonValue = Field(
        default=None, description="Sent along as body, beside the instances and the rest."
    )


class CallbackHook(CallbackCall):
    """Posts to a URL which instances it is about, with an address of the app's. Who is called says
    there that it is done (pass), that it is not (fail), or when to call again (lookAgain).
    """


class Hook(Request):
    """Somebody who is told before each batch, to drain its instances, or after it, to put them
    back. It is called again until it is done, or its time is over.
    """

    name: CheckName
    place: HookPlace = Field(
        description="beforeBatch: before the batch is sent, to drain its instances. afterBatch: "
        "whatever came of the batch, to warm them up and put them back."
    )
    call: Annotated[HttpHook | CallbackHook, Field(discriminator="kind")]
    addresses: StrictBool = Field(
        default=False,
        description="Tell it the private addresses of each instance, too: they are read from Azure "
        "once for a batch, which needs a right of its own.",
    )
    timeout: Annotated[Pause, PositiveDuration] = Field(
        default=timedelta(minutes=10), description="How long it may take to be done."
    )
    action: Literal["fail", "goOn"] = Field(
        default="fail",
        description="What happens if it is not done then. fail: onFailure says what, as if a gate "
        "had failed. goOn: it is noted, and the rollout goes on.",
    )
