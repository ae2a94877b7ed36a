"""The thin shell that the Functions worker sees around an activity."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import azure.durable_functions as df

from hub.durable import Client
from rollout.problem import ArmFailure, SettingError
from rollout.value import Value


@dataclass(frozen=True)
class Activity[Task: Value]:
    """An activity: its name in Durable, the value it takes, and the function that does it."""

    name: str
    takes: type[Task]
    work: Callable[[Task], Value]

    def answer(self, payload: object) -> dict[str, Any]:
        """{"value": …}, or {"error": ArmError} when Azure did not do it or could not be asked."""
        try:
            return {"value": self.work(self.takes.from_json(payload)).to_json()}
        except ArmFailure as failure:
            return {"error": failure.error.to_json()}
        except SettingError as error:
            return {"error": error.as_arm_error().to_json()}


@dataclass(frozen=True)
class HubActivity[Task: Value]:
    """An activity that asks Durable: its name, the value it takes, and the function that does it
    with Durable's client.
    """

    name: str
    takes: type[Task]
    work: Callable[[Client, Task], Awaitable[Value]]

    async def answer(self, payload: object, client: Client) -> dict[str, Any]:
        """{"value": …}; raises what nobody foresaw."""
        return {"value": (await self.work(client, self.takes.from_json(payload))).to_json()}


def register_with_client(functions: df.Blueprint, activity: HubActivity[Any]) -> None:
    """Register the activity under its name."""

    async def shell(payload: dict, client: Any) -> dict:  # type: ignore[type-arg]
        return await activity.answer(payload, client)  # pyright: ignore[reportUnknownArgumentType]

    shell.__name__ = activity.name
    triggered = functions.activity_trigger(input_name="payload", activity=activity.name)(shell)
    functions.durable_client_input(client_name="client")(triggered)


def register(functions: df.Blueprint, activity: Activity[Any]) -> None:
    """Register the activity under its name."""

    # The worker refuses `dict[str, Any]` as a parameter's annotation; plain `dict` it takes.
    def shell(payload: dict) -> dict:  # type: ignore[type-arg]
        return activity.answer(payload)  # pyright: ignore[reportUnknownArgumentType]

    shell.__name__ = activity.name
    functions.activity_trigger(input_name="payload", activity=activity.name)(shell)
