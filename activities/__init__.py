"""The hands: each activity is one Azure call or one side effect, safe to run twice, never waits.

What Azure refuses travels back as a value (`ArmError`), because the orchestrator decides what it
means. An activity raises only for what nobody foresaw.
"""

import azure.durable_functions as df

from activities import records, shell
from activities.azure import ACTIVITIES
from activities.hub import HUB_ACTIVITIES


def blueprint() -> df.Blueprint:
    """All activities and the two entities, ready to be registered."""
    functions = df.Blueprint()
    for activity in ACTIVITIES:
        shell.register(functions, activity)
    for activity in HUB_ACTIVITIES:
        shell.register_with_client(functions, activity)
    records.register(functions)
    return functions
