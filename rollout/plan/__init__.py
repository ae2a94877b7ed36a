"""The request with its policy, and the plan made from it.

A *plan* puts the instances into *batches* that never span two update domains. The order and the
sizes of batches are in batches.py.
"""

from rollout.plan.audience import Audience
from rollout.plan.batch import Batch
from rollout.plan.batches import batches_of, plan_batches
from rollout.plan.looks import SELDOM, looks_until_stable, widening
from rollout.plan.opening import opened, shut_out
from rollout.plan.plan import Opening, Plan
from rollout.plan.policy import HealthPolicy, Policy
from rollout.plan.preset import PRESETS, Preset
from rollout.plan.request import ROLLOUT_ID, RolloutRequest
from rollout.plan.selection import selection_errors
from rollout.plan.skip import (
    NO_IMAGE,
    ON_TARGET,
    PROTECTED,
    given_up_reason,
    switched_off,
    was_given_up,
)
from rollout.plan.warning import pending_changes

__all__ = [
    "NO_IMAGE",
    "ON_TARGET",
    "PRESETS",
    "PROTECTED",
    "ROLLOUT_ID",
    "SELDOM",
    "Audience",
    "Batch",
    "HealthPolicy",
    "Opening",
    "Plan",
    "Policy",
    "Preset",
    "RolloutRequest",
    "batches_of",
    "given_up_reason",
    "looks_until_stable",
    "opened",
    "pending_changes",
    "plan_batches",
    "selection_errors",
    "shut_out",
    "switched_off",
    "was_given_up",
    "widening",
]
