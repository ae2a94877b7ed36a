"""The state directory: one SQLite database with instances, tasks and entities; nothing else writes.

`instances`, `tasks` and `entities` are modules of functions over its tables; AsAzure says what
Azure does by chance with what is in it.
"""

from local.host.store import entities, instances, tasks
from local.host.store.as_azure import Arrivals, AsAzure
from local.host.store.database import Database, resume_clock
from local.host.store.instances import Instance, Message, Status
from local.host.store.store import Store
from local.host.store.tasks import Task

__all__ = [
    "Arrivals",
    "AsAzure",
    "Database",
    "Instance",
    "Message",
    "Status",
    "Store",
    "Task",
    "entities",
    "instances",
    "resume_clock",
    "tasks",
]
