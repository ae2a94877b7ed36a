"""The health of every instance, as a letter each: a heat map marks its cells with it."""

from collections.abc import Iterable, Mapping

from rollout.base import Cell
from rollout.inventory import Health, Instance, Row
from rollout.plan import NO_IMAGE, ON_TARGET, PROTECTED
from rollout.run.instance_row import seen_health
from rollout.run.view import RolloutView

_LETTERS = {
    Health.HEALTHY: "h",
    Health.UNHEALTHY: "u",
    Health.INITIALIZING: "i",
    Health.UNKNOWN: "n",
}
_NOT_SEEN = "-"
_NEVER_SENT = {NO_IMAGE, ON_TARGET, PROTECTED}


def with_health(
    view: RolloutView, baseline: Iterable[Instance], reasons: Mapping[str, str]
) -> RolloutView:
    """This view, whose rows have their ids, with the health of each instance."""
    before = {instance.instance_id: instance.health for instance in baseline}

    def letter(instance_id: str, cell: Cell) -> str:
        reason = reasons.get(instance_id)
        untouched = cell is Cell.PENDING or (cell is Cell.SKIPPED and reason in _NEVER_SENT)
        known = before[instance_id] if untouched else seen_health(cell, view, reason)
        return _LETTERS[known] if known else _NOT_SEEN

    def marked(row: Row) -> Row:
        cells = zip(row.instance_ids, map(Cell, row.cells), strict=True)
        return row.model_copy(update={"health": "".join(letter(*each) for each in cells)})

    return view.model_copy(
        update={"rows": [marked(row) if row.instance_ids else row for row in view.rows]}
    )
