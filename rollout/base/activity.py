"""An activity as both its caller and its implementation know it."""

from dataclasses import dataclass

from rollout.base.value import Value


@dataclass(frozen=True)
class Activity[T: Value, R: Value]:
    """An activity's name in Durable, the value it takes, and the value it returns."""

    name: str
    takes: type[T]
    gives: type[R]
