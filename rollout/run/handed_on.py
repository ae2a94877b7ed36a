"""The progress of a rollout, of a fleet rollout or of a wave as one generation of its orchestration
hands it to the next: every field, whatever is added later.
"""

from collections.abc import Collection
from dataclasses import fields
from functools import cache
from typing import Any, get_type_hints

from pydantic import TypeAdapter

from rollout.inventory import HeatMap
from rollout.run.baseline import Baseline
from rollout.run.order import RolloutOrder
from rollout.run.progress import Progress
from rollout.run.run_progress import RunProgress

_BASELINE, _HEAT_MAP = "baseline", "heat_map"
_ORDER = "order"
"""It is beside, in every input."""


def handed_on(progress: RunProgress, apart: Collection[str] = ()) -> dict[str, Any]:
    """Its fields as JSON, by name; without those that travel in another way."""
    return {
        name: adapter.dump_python(getattr(progress, name), mode="json", exclude_none=True)
        for name, adapter in _adapters(type(progress)).items()
        if name not in apart
    }


def taken_over(kind: type[RunProgress], handed: dict[str, Any]) -> dict[str, Any]:
    """Read the result of `handed_on`: the fields by name."""
    return {
        name: adapter.validate_python(handed[name])
        for name, adapter in _adapters(kind).items()
        if name in handed
    }


def rollout_handed_on(progress: Progress) -> dict[str, Any]:
    """The same of a rollout, with its instances as rows; its heat map is drawn from them again."""
    fields = handed_on(progress, apart={_BASELINE, _HEAT_MAP})
    return {**fields, _BASELINE: progress.baseline.handed_on()}


def rollout_taken_over(order: RolloutOrder, handed: dict[str, Any]) -> Progress:
    """Read the result of `rollout_handed_on`."""
    baseline = Baseline.taken_over(handed[_BASELINE])
    rest = {name: value for name, value in handed.items() if name != _BASELINE}
    return Progress(
        order=order,
        baseline=baseline,
        heat_map=HeatMap.of(baseline.instances.values(), order.request.policy.batch_by),
        **taken_over(Progress, rest),
    )


@cache
def _adapters(kind: type[RunProgress]) -> dict[str, TypeAdapter[Any]]:
    hints = get_type_hints(kind)
    names = [each.name for each in fields(kind) if each.name != _ORDER]
    return {name: TypeAdapter(hints[name]) for name in names}
