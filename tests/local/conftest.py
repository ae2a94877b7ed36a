from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from rollout.base import Phase
from rollout.inventory import Image, ImageChange, Row, ScaleSetId
from rollout.plan import Policy
from rollout.run import Counts, RolloutView

type Seen = Callable[..., RolloutView]

_BEGAN = datetime(2026, 1, 1, 12, tzinfo=UTC)


def _ubuntu(version: str) -> Image:
    return Image(publisher="Canonical", offer="UbuntuServer", sku="14.04.2-LTS", version=version)


def _seen(
    phase: Phase,
    message: str,
    cells: list[str],
    *,
    minutes: int = 7,
    left: int | None = None,
    notice: str | None = None,
    image: ImageChange | None = None,
) -> RolloutView:
    now = _BEGAN + timedelta(minutes=minutes)
    counts = Counts.of("".join(cells))
    return RolloutView(
        id="web-1",
        scale_set=ScaleSetId("00000000-0000-0000-0000-000000000000", "demo", "web"),
        image=image
        or ImageChange(from_image=_ubuntu("14.04.201506100"), to_image=_ubuntu("14.04.201507060")),
        phase=phase,
        message=message,
        notice=notice,
        counts=counts,
        percent=counts.percent if cells else 0,
        started_at=_BEGAN,
        finished_at=now if phase.ended else None,
        updated_at=now,
        eta=None if left is None else now + timedelta(minutes=left),
        policy=Policy(),
        rows=[Row(update_domain=number, cells=row) for number, row in enumerate(cells)],
    )


@pytest.fixture
def seen() -> Seen:
    """Makes the view of a rollout: its phase, message, and a string of cells per update domain;
    `minutes` since it began, and `left` until it is expected to end.
    """
    return _seen
