"""Before Azure is called: is that scale set where this app may roll?"""

from collections.abc import Callable
from dataclasses import replace

from durable import Inspect, ScaleSetReads
from rollout.base import Refused
from rollout.inventory import (
    ImageChoices,
    ScaleSetId,
    ScaleSetRights,
    ScaleSetSummary,
    ScaleSetView,
    Scopes,
)
from rollout.plan import RolloutRequest
from rollout.run import Inspection


class ScopeGuard:
    """Wraps every function with which the routes read Azure. `scopes` reads the setting, and may
    raise SettingError.
    """

    def __init__(self, scopes: Callable[[], Scopes]) -> None:
        self._scopes = scopes

    def inspection(self, inspect: Inspect) -> Inspect:
        """`inspect`, raising Refused (403) for a scale set outside the scopes."""

        def guarded(request: RolloutRequest) -> Inspection:
            self._refuse_outside(str(request.scale_set))
            return inspect(request)

        return guarded

    def scale_sets(self, reads: ScaleSetReads) -> ScaleSetReads:
        """`reads`, raising Refused (403) for anything outside the scopes."""

        def listed(subscription: str, resource_group: str | None) -> list[ScaleSetSummary]:
            group = f"/resourceGroups/{resource_group}" if resource_group else ""
            self._refuse_outside(f"/subscriptions/{subscription}{group}")
            return reads.listed(subscription, resource_group)

        def viewed(scale_set: ScaleSetId) -> ScaleSetView:
            self._refuse_outside(str(scale_set))
            return reads.viewed(scale_set)

        def choices(scale_set: ScaleSetId) -> ImageChoices:
            self._refuse_outside(str(scale_set))
            return reads.choices(scale_set)

        def rights(scale_set: ScaleSetId) -> ScaleSetRights:
            self._refuse_outside(str(scale_set))
            return reads.rights(scale_set)

        return replace(reads, listed=listed, viewed=viewed, choices=choices, rights=rights)

    def _refuse_outside(self, resource: str) -> None:
        if problem := self._scopes().refusal(resource):
            raise Refused(problem)
