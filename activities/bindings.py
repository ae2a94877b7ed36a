"""What an activity is for those that call it: a function of JSON."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from compute.waiting import waiting
from durable import Client
from rollout.base import Activity, ArmError, ArmFailure, SettingError, Value


@dataclass(frozen=True)
class AzureActivity[T: Value, R: Value]:
    """An activity, and the function that implements it."""

    activity: Activity[T, R]
    work: Callable[[T], R]

    def answer(self, payload: object) -> dict[str, Any]:
        """{"value": …}, or {"error": ArmError} if Azure refused it or could not be called."""
        try:
            with waiting():
                return {"value": self.work(self.activity.takes.from_json(payload)).to_json()}
        except (ArmFailure, SettingError) as error:
            return _as_value(error)


@dataclass(frozen=True)
class GateActivity[T: Value, R: Value]:
    """An activity, and the function that implements it without Azure and without Durable."""

    activity: Activity[T, R]
    work: Callable[[T], Awaitable[R]]

    async def answer(self, payload: object) -> dict[str, Any]:
        """{"value": …}, or {"error": ArmError} if the app's settings are wrong."""
        try:
            return {"value": (await self.work(self.activity.takes.from_json(payload))).to_json()}
        except SettingError as error:
            return _as_value(error)


@dataclass(frozen=True)
class DurableActivity[T: Value, R: Value]:
    """An activity, and the function that implements it with Durable's client."""

    activity: Activity[T, R]
    work: Callable[[Client, T], Awaitable[R]]

    async def answer(self, payload: object, client: Client) -> dict[str, Any]:
        """{"value": …}, or {"error": ArmError} if Azure refused it or could not be called; raises
        any unexpected error.
        """
        task = self.activity.takes.from_json(payload)
        try:
            return {"value": (await self.work(client, task)).to_json()}
        except (ArmFailure, SettingError) as error:
            return _as_value(error)


def _as_value(failure: ArmFailure | SettingError) -> dict[str, Any]:
    error = failure.error if isinstance(failure, ArmFailure) else ArmError.of_settings(failure)
    return {"error": error.to_json()}
