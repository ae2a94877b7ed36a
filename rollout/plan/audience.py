"""Who will be told of a rollout or a fleet rollout."""

from rollout.base import Value


class Audience(Value):
    """A receiver of news, its kind, and the kinds of news that it would get. Neither its address
    nor its secrets: a plan is shown to whoever may plan.
    """

    name: str
    kind: str
    kinds: list[str]
