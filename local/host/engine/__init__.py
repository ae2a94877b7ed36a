"""Drives the orchestrations: turns, activities, entities and timers, one thing at a time.

`Engine` is the loop; `Orchestrations` is what clients can do from outside; `Deaths` are those of
workers, and `VersionRule` says which versions an app takes turns of.
"""

from local.host.engine.activities import Activities
from local.host.engine.deaths import Deaths
from local.host.engine.engine import Engine
from local.host.engine.entity_batches import EntityBatches
from local.host.engine.orchestrations import (
    AlreadyExists,
    InstanceIsOver,
    NoSuchInstance,
    NotAllowed,
    Orchestrations,
)
from local.host.engine.rules import Rules
from local.host.engine.timers import Timers
from local.host.engine.turns import Turns
from local.host.engine.versions import VersionRule

__all__ = [
    "Activities",
    "AlreadyExists",
    "Deaths",
    "Engine",
    "EntityBatches",
    "InstanceIsOver",
    "NoSuchInstance",
    "NotAllowed",
    "Orchestrations",
    "Rules",
    "Timers",
    "Turns",
    "VersionRule",
]
