"""What we ask of Durable Functions: start, lock, roll back, send commands, look up, and purge.

Of our packages, it imports only `rollout/`. The calls of Durable's client are in client.py.
"""

from durable.azure_reads import (
    AzureReads,
    Inspect,
    PolicyReads,
    ScaleSetReads,
    TryGates,
    read_azure,
)
from durable.callbacks import Reception, bring_answer, find_signing_key, signing_key
from durable.client import (
    Client,
    OrchestrationInstance,
    command_raised,
    management_links,
    raised,
    start_once,
)
from durable.expiry import find_expired
from durable.fleet_commands import send_command_to_fleet
from durable.fleet_lock import recall_fleet, release_fleet, try_start_fleet
from durable.fleet_start import plan_fleet, roll_back_fleet, start_fleet
from durable.fleets import (
    find_fleet,
    find_fleet_with_instances,
    fleet_running_as,
    list_fleets,
    list_rows,
    read_fleet,
)
from durable.follow import list_followed, notify
from durable.heard import SAID, heard_within
from durable.line import keep_line, lift_line, line_now, stop_line, with_line
from durable.lock import keep_lock, owner_now, read_lock, release_scale_set
from durable.members import read_members, report_end, roll_back_member, send_command, start_member
from durable.news import (
    ReadRules,
    announcing,
    courier_lines,
    forget_couriers,
    given_up,
    keep_couriers,
    read_log_of,
    strike_given_up,
)
from durable.part import read_part
from durable.purge import forget
from durable.record import last_event, list_events
from durable.repairs import (
    events_written,
    repairs_lines,
    repairs_shown_by,
    scale_set_held_by,
    with_repairs,
)
from durable.rollback import carry_out_ended, listening_id
from durable.rollout_start import plan_rollout, start_rollout
from durable.rollouts import (
    detailed,
    find_rollout,
    identified,
    list_instances,
    list_rollouts,
    listed_rollouts,
    rollout_now,
    running_as,
)
from durable.standing import with_standing
from durable.starter import starter_of, starter_of_fleet
from durable.unattended import (
    find_unattended,
    is_anything_active,
    take_up_broken_fleet,
    take_up_followed,
    take_up_rollout,
)
from durable.watch import start_watch

__all__ = [
    "SAID",
    "AzureReads",
    "Client",
    "Inspect",
    "OrchestrationInstance",
    "PolicyReads",
    "ReadRules",
    "Reception",
    "ScaleSetReads",
    "TryGates",
    "announcing",
    "bring_answer",
    "carry_out_ended",
    "command_raised",
    "courier_lines",
    "detailed",
    "events_written",
    "find_expired",
    "find_fleet",
    "find_fleet_with_instances",
    "find_rollout",
    "find_signing_key",
    "find_unattended",
    "fleet_running_as",
    "forget",
    "forget_couriers",
    "given_up",
    "heard_within",
    "identified",
    "is_anything_active",
    "keep_couriers",
    "keep_line",
    "keep_lock",
    "last_event",
    "lift_line",
    "line_now",
    "list_events",
    "list_fleets",
    "list_followed",
    "list_instances",
    "list_rollouts",
    "list_rows",
    "listed_rollouts",
    "listening_id",
    "management_links",
    "notify",
    "owner_now",
    "plan_fleet",
    "plan_rollout",
    "raised",
    "read_azure",
    "read_fleet",
    "read_lock",
    "read_log_of",
    "read_members",
    "read_part",
    "recall_fleet",
    "release_fleet",
    "release_scale_set",
    "repairs_lines",
    "repairs_shown_by",
    "report_end",
    "roll_back_fleet",
    "roll_back_member",
    "rollout_now",
    "running_as",
    "scale_set_held_by",
    "send_command",
    "send_command_to_fleet",
    "signing_key",
    "start_fleet",
    "start_member",
    "start_once",
    "start_rollout",
    "start_watch",
    "starter_of",
    "starter_of_fleet",
    "stop_line",
    "strike_given_up",
    "take_up_broken_fleet",
    "take_up_followed",
    "take_up_rollout",
    "try_start_fleet",
    "with_line",
    "with_repairs",
    "with_standing",
]
