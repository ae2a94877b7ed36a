"""The doors' own check that a scale set lies where this app may roll, before Azure is asked."""

from collections.abc import Callable

from rollout.inspection import Inspection
from rollout.problem import Refused
from rollout.request import RolloutRequest
from rollout.scale_set_id import ScaleSetId
from rollout.scale_set_view import ScaleSetSummary, ScaleSetView
from rollout.scope import Scopes
from triggers.scale_sets import ScaleSets
from triggers.starting import Inspect


class Fence:
    """Wraps every way in which the doors look at Azure. `scopes` reads the setting, and may raise
    SettingError.
    """

    def __init__(self, scopes: Callable[[], Scopes]) -> None:
        self._scopes = scopes

    def inspection(self, inspect: Inspect) -> Inspect:
        """`inspect`, which raises Refused (403) for a scale set outside."""

        def fenced(request: RolloutRequest) -> Inspection:
            self._refuse_outside(str(request.scale_set))
            return inspect(request)

        return fenced

    def looks(self, look: ScaleSets) -> ScaleSets:
        """`look`, which raises Refused (403) for what lies outside."""

        def listed(subscription: str, resource_group: str | None) -> list[ScaleSetSummary]:
            group = f"/resourceGroups/{resource_group}" if resource_group else ""
            self._refuse_outside(f"/subscriptions/{subscription}{group}")
            return look.listed(subscription, resource_group)

        def viewed(scale_set: ScaleSetId) -> ScaleSetView:
            self._refuse_outside(str(scale_set))
            return look.viewed(scale_set)

        return ScaleSets(look.subscription, listed, viewed)

    def _refuse_outside(self, resource: str) -> None:
        if problem := self._scopes().refusal(resource):
            raise Refused(problem)
