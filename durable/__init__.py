"""What we ask of Durable Functions: start, lock, roll back, send commands, look up, and purge.

Of our packages, it imports only `rollout/`. The calls of Durable's client are in client.py.
"""

from durable.azure_reads import AzureReads, Inspect, ScaleSetReads, inspected, read_azure
from durable.client import Client, entity_state, management_links, raised, start_once
from durable.expiry import find_expired
from durable.fleet_start import plan_fleet, start_fleet
from durable.fleets import find_fleet, find_order, list_fleets, list_rows, send_command_to_fleet
from durable.follow import list_followed, notify
from durable.members import read_members, report_end, roll_back_member, send_command, start_member
from durable.purge import forget
from durable.rollback import listening_id, start_rollback
from durable.rollout_start import start_rollout
from durable.rollouts import find_rollout, identified, list_events, list_instances, list_rollouts

__all__ = [
    "AzureReads",
    "Client",
    "Inspect",
    "ScaleSetReads",
    "entity_state",
    "find_expired",
    "find_fleet",
    "find_order",
    "find_rollout",
    "forget",
    "identified",
    "inspected",
    "list_events",
    "list_fleets",
    "list_followed",
    "list_instances",
    "list_rollouts",
    "list_rows",
    "listening_id",
    "management_links",
    "notify",
    "plan_fleet",
    "raised",
    "read_azure",
    "read_members",
    "report_end",
    "roll_back_member",
    "send_command",
    "send_command_to_fleet",
    "start_fleet",
    "start_member",
    "start_once",
    "start_rollback",
    "start_rollout",
]
