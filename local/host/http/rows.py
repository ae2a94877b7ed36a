"""What Durable's instance table shows: orchestrations, and entities among them.

Source: Durable extension source; seen with the extension 3.19: a list of instances holds entities
too, and `input` of what the SDK's client or a parent started is a JSON text in a JSON string.
"""

import json
from dataclasses import dataclass

from local.host.store import Database, Instance, Status, entities, instances

ENTITY = "@"  # no id of an orchestration begins with it
OVER = frozenset({"Completed", "Terminated", "Canceled", "Failed"})


@dataclass(frozen=True, slots=True)
class Row:
    """One instance as it is shown. `input`, `output` and `custom_status` are JSON text, `created`
    and `updated` stamps.
    """

    id: str
    name: str
    status: str
    input: str | None
    output: str | None
    custom_status: str | None
    created: str
    updated: str
    version: str | None = None
    parent: str | None = None

    @property
    def live(self) -> bool:
        return self.status not in OVER


def find(db: Database, instance: str) -> Row | None:
    """The orchestration or entity of that id."""
    if not instance.startswith(ENTITY):
        found = instances.find(db, instance)
        return found and of_instance(found)
    return next(
        (of_entity(each) for each in entities.all_of(db, None) if each[0] == instance), None
    )


def all_of(db: Database) -> list[Row]:
    """Everything, by id."""
    found = [of_instance(each) for each in instances.all_of(db)]
    found += [of_entity(each) for each in entities.all_of(db, None)]
    return sorted(found, key=lambda row: row.id)


def of_instance(instance: Instance) -> Row:
    return Row(
        id=instance.id,
        name=instance.name,
        status=instance.runtime_status,
        input=None if instance.input is None else json.dumps(instance.input),
        output=instance.output,
        custom_status=instance.custom_status,
        created=instance.created,
        updated=instance.updated,
        version=instance.version,
        parent=instance.parent,
    )


def of_entity(entity: tuple[str, str, str]) -> Row:
    """An entity is an orchestration that never ends: each batch of operations creates it anew."""
    instance, state, updated = entity
    return Row(
        id=instance,
        name=instance,
        status=Status.RUNNING,
        input=json.dumps({"exists": True, "state": state}),
        output=None,
        custom_status=json.dumps({"entityExists": True}),
        created=updated,
        updated=updated,
    )
