"""What a story about fleet rollouts needs."""

from typing import Any

from story import System

type Json = dict[str, Any]


def images(system: System, scale_sets: list[str]) -> list[str]:
    """The versions that run in each of these scale sets."""
    truths = [system.truth(one) for one in scale_sets]
    assert [one["violations"] for one in truths] == [[]] * len(truths)
    return [
        "+".join(sorted({each["image"].rsplit(":", 1)[-1] for each in one["instances"]}))
        for one in truths
    ]
