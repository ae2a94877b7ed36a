"""Each activity is one Azure call or one side effect, safe to run twice, and never waits.

An error from Azure is returned as a value (`ArmError`), because the orchestrator decides what it
means. An activity raises only for an unexpected error.
"""

import azure.durable_functions as df

from activities.azure import AZURE_ACTIVITIES
from activities.bindings import register_activity, register_durable_activity
from activities.durable import DURABLE_ACTIVITIES
from activities.entities import register_entities


def activity_blueprint() -> df.Blueprint:
    """All activities and the two entities, ready to be registered."""
    functions = df.Blueprint()
    for activity in AZURE_ACTIVITIES:
        register_activity(functions, activity)
    for activity in DURABLE_ACTIVITIES:
        register_durable_activity(functions, activity)
    register_entities(functions)
    return functions
