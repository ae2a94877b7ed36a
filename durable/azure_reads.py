"""Reads of Azure before a start: passed in, because this package knows nothing of Azure."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rollout.base import ArmFailure, Problem, Refused
from rollout.gates import GateQuestion, GateTrial
from rollout.inventory import (
    ImageChoices,
    NewestImage,
    ScaleSetId,
    ScaleSetRights,
    ScaleSetSummary,
    ScaleSetView,
)
from rollout.plan import Policy, RolloutRequest
from rollout.run import Inspection
from rollout.windows import Calendar

type Inspect = Callable[[RolloutRequest], Inspection]
type TryGates = Callable[[Sequence[GateQuestion]], Awaitable[list[GateTrial]]]
"""Asks each gate of a plan once."""
type RefusePolicy = Callable[[Policy], Problem | None]
"""Why nothing may begin by that policy, whatever its scale set."""


@dataclass(frozen=True)
class ScaleSetReads:
    """Functions that read scale sets; each reads Azure and raises ArmFailure. `subscription` is the
    default for requests that name none.
    """

    subscription: Callable[[], str | None]
    listed: Callable[[str, str | None], list[ScaleSetSummary]]
    viewed: Callable[[ScaleSetId], ScaleSetView]
    choices: Callable[[ScaleSetId], ImageChoices]
    rights: Callable[[ScaleSetId], ScaleSetRights]
    newest: Callable[[Sequence[ScaleSetSummary]], dict[str, NewestImage]]


@dataclass(frozen=True)
class PolicyReads:
    """The app's own windows and freezes, and what is wrong with a policy: for a start, and for a
    plan of somebody who may not start. Each raises SettingError.
    """

    calendar: Callable[[], Calendar]
    refused: RefusePolicy
    refused_for_reader: RefusePolicy


@dataclass(frozen=True)
class AzureReads:
    """Functions that inspect one scale set and its image, read the scale sets of a subscription,
    look up when an image version was published (None if Azure does not report it), try gates, and
    read what policies are about. `inspect_for_reader` inspects for somebody who may not start.
    """

    inspect: Inspect
    inspect_for_reader: Inspect
    scale_sets: ScaleSetReads
    published_at: Callable[[str], datetime | None]
    try_gates: TryGates
    policies: PolicyReads

    def for_reader(self) -> "AzureReads":
        """The same for somebody who may not start: it calls no address that a request names."""
        refused = self.policies.refused_for_reader
        policies = replace(self.policies, refused=refused)
        return replace(self, inspect=self.inspect_for_reader, policies=policies)


async def read_azure[**P, T](read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of a read of Azure; it runs in a thread, because it blocks. Raises Refused if
    Azure did not allow the read.
    """
    try:
        return await asyncio.to_thread(read, *args, **kwargs)
    except ArmFailure as failure:
        raise Refused(failure.error.as_problem()) from failure


async def inspected(inspect: Inspect, request: RolloutRequest) -> Inspection:
    """The result of inspecting the scale set. Raises Refused if the rollout must not begin."""
    inspection = await read_azure(inspect, request)
    if refusal := inspection.shut_out(request.policy):
        raise Refused(refusal)
    return inspection
