"""Each activity is one Azure call or one side effect, safe to run twice, and never waits.

An error from Azure is returned as a value (`ArmError`), because the orchestrator decides what it
means. An activity raises only for an unexpected error.

What is here only tells Functions of them; each kind is imported with its first call.
"""

from typing import Any

import azure.durable_functions as df

AZURE_ACTIVITIES = (
    "inspect_scale_set",
    "set_image",
    "observe_repairs",
    "observe_model",
    "observe_inventory",
    "start_upgrade",
    "observe_batch",
    "find_followers",
    "read_addresses",
)
"""Those that call Azure: `activities.azure`."""
GATE_ACTIVITIES = ("ask_gate",)
"""Those that call addresses which users name: `activities.gates`."""
HOOK_ACTIVITIES = ("call_hook",)
"""The same: `activities.hooks`."""
DURABLE_ACTIVITIES = (
    "keep_lock",
    "read_lock",
    "release_lock",
    "read_part",
    "set_repairs",
    "resume_repairs",
    "find_unattended",
    "take_up_rollout",
    "take_up_fleet",
    "take_up_followed",
    "start_fleet",
    "read_fleet",
    "release_fleet",
    "find_expired",
    "recall_fleet",
    "forget_rollout",
    "start_member",
    "roll_back_member",
    "send_command",
    "report_end",
    "read_members",
    "find_news",
    "send_news",
    "post_question",
    "read_calendar",
)
"""Those that use Durable's client: `activities.durable`."""


def activity_blueprint() -> df.Blueprint:
    """All activities and the entities, ready to be registered."""
    functions = df.Blueprint()
    for name in AZURE_ACTIVITIES:
        _register_activity(functions, name)
    for name in GATE_ACTIVITIES:
        _register_gate_activity(functions, name)
    for name in HOOK_ACTIVITIES:
        _register_hook_activity(functions, name)
    for name in DURABLE_ACTIVITIES:
        _register_durable_activity(functions, name)
    for entity in ENTITIES:
        functions.entity_trigger(context_name="context", entity_name=entity.__name__)(entity)
    return functions


# The worker refuses `dict[str, Any]` as a parameter's annotation; it accepts plain `dict`.
def _register_activity(functions: df.Blueprint, name: str) -> None:
    def adapter(payload: dict) -> dict:  # type: ignore[type-arg]
        from activities.azure import AZURE

        return AZURE[name].answer(payload)  # pyright: ignore[reportUnknownArgumentType]

    adapter.__name__ = name
    functions.activity_trigger(input_name="payload", activity=name)(adapter)


def _register_gate_activity(functions: df.Blueprint, name: str) -> None:
    async def adapter(payload: dict) -> dict:  # type: ignore[type-arg]
        from activities.gates import GATES

        return await GATES[name].answer(payload)  # pyright: ignore[reportUnknownArgumentType]

    adapter.__name__ = name
    functions.activity_trigger(input_name="payload", activity=name)(adapter)


def _register_hook_activity(functions: df.Blueprint, name: str) -> None:
    async def adapter(payload: dict) -> dict:  # type: ignore[type-arg]
        from activities.hooks import HOOKS

        return await HOOKS[name].answer(payload)  # pyright: ignore[reportUnknownArgumentType]

    adapter.__name__ = name
    functions.activity_trigger(input_name="payload", activity=name)(adapter)


def _register_durable_activity(functions: df.Blueprint, name: str) -> None:
    async def adapter(payload: dict, client: Any) -> dict:  # type: ignore[type-arg]
        from activities.durable import DURABLE, announced

        return await DURABLE[name].answer(payload, announced(client))  # pyright: ignore[reportUnknownArgumentType]

    adapter.__name__ = name
    triggered = functions.activity_trigger(input_name="payload", activity=name)(adapter)
    functions.durable_client_input(client_name="client")(triggered)


def rollout_record(context: df.DurableEntityContext) -> None:
    """The record of one rollout; its key is the rollout's id."""
    from activities.entities import keep_record

    keep_record(context)


def rollout_log(context: df.DurableEntityContext) -> None:
    """A part of the event log of one rollout."""
    from activities.entities import keep_log

    keep_log(context)


def rollout_index(context: df.DurableEntityContext) -> None:
    """The list of rollouts, of fleet rollouts or of followed images."""
    from activities.entities import keep_index

    keep_index(context)


ENTITIES = (rollout_record, rollout_log, rollout_index)
