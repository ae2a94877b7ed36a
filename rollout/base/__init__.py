"""What every other package builds on: values, phases, events, errors and text formatting.

Knows nothing of Azure's scale sets and nothing of rollouts.
"""

from rollout.base.activity import Activity
from rollout.base.address import (
    AS_TEXT,
    NamedSecret,
    Url,
    host_of,
    nothing_secret,
    text_or_secret,
)
from rollout.base.amount import Budget, Share, budget_of, share_of
from rollout.base.arm_error import LONGEST_WAIT, ArmError, ArmErrorKind, ArmFailure
from rollout.base.caller import Caller
from rollout.base.cell import IN_PROGRESS, LEFT_ALONE, NOT_ARRIVED, Cell
from rollout.base.decision import Proceed, Stop, Wait
from rollout.base.difference import differences
from rollout.base.duration import Duration, Interval, Pause, PositiveDuration, limit, spoken
from rollout.base.event import Event, EventKind
from rollout.base.fields import KNOWN_ID, MADE, InstanceIds, Text, not_dots, our_id, rollout_id
from rollout.base.fingerprint import fingerprint_of
from rollout.base.line_stop import LineStop
from rollout.base.missing_right import MissingRight
from rollout.base.packing import packed, unpacked
from rollout.base.phase import Phase
from rollout.base.problem import (
    FORM,
    FieldError,
    Problem,
    Refused,
    SettingError,
    field_errors,
    invalid,
)
from rollout.base.secret import Secret
from rollout.base.value import Request, Shown, Value
from rollout.base.version import ORCHESTRATION_VERSION, VERSION
from rollout.base.wording import (
    LONGEST_MESSAGE,
    capitalized,
    counted,
    first_line,
    folded,
    named,
    sentence,
    shortened,
    without_secrets,
)

__all__ = [
    "AS_TEXT",
    "FORM",
    "IN_PROGRESS",
    "KNOWN_ID",
    "LEFT_ALONE",
    "LONGEST_MESSAGE",
    "LONGEST_WAIT",
    "MADE",
    "NOT_ARRIVED",
    "ORCHESTRATION_VERSION",
    "VERSION",
    "Activity",
    "ArmError",
    "ArmErrorKind",
    "ArmFailure",
    "Budget",
    "Caller",
    "Cell",
    "Duration",
    "Event",
    "EventKind",
    "FieldError",
    "InstanceIds",
    "Interval",
    "LineStop",
    "MissingRight",
    "NamedSecret",
    "Pause",
    "Phase",
    "PositiveDuration",
    "Problem",
    "Proceed",
    "Refused",
    "Request",
    "Secret",
    "SettingError",
    "Share",
    "Shown",
    "Stop",
    "Text",
    "Url",
    "Value",
    "Wait",
    "budget_of",
    "capitalized",
    "counted",
    "differences",
    "field_errors",
    "fingerprint_of",
    "first_line",
    "folded",
    "host_of",
    "invalid",
    "limit",
    "named",
    "not_dots",
    "nothing_secret",
    "our_id",
    "packed",
    "rollout_id",
    "sentence",
    "share_of",
    "shortened",
    "spoken",
    "text_or_secret",
    "unpacked",
    "without_secrets",
]
