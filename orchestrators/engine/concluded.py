"""Early conclusion: the one exception that ends a story before its last line."""

from typing import NoReturn

from rollout.run import Conclusion


class Concluded(Exception):  # noqa: N818
    """Raised only by `conclude`; caught where the story is run."""

    def __init__(self, conclusion: Conclusion) -> None:
        super().__init__(str(conclusion))
        self.conclusion = conclusion


def conclude(conclusion: Conclusion) -> NoReturn:
    """Nothing more happens here: the run ends, or rolls back."""
    raise Concluded(conclusion)
