"""What a step says to the pipeline it is a step of."""

from typing import Protocol


class CommentError(Exception):
    """Why the pull request could not be commented, in a sentence."""


class Service(Protocol):
    """GitHub Actions, or Azure Pipelines."""

    @property
    def who(self) -> str:
        """Who has started the pipeline."""
        ...

    @property
    def run(self) -> str:
        """What tells this run of the pipeline from all others, such as 123-1."""
        ...

    @property
    def link(self) -> str:
        """The page of this run."""
        ...

    def line(self, text: str) -> None:
        """A line of the log. Whatever it holds is no command to the service."""
        ...

    def error(self, sentence: str) -> None: ...

    def warning(self, sentence: str) -> None: ...

    def output(self, name: str, value: str) -> None:
        """What later steps can read."""
        ...

    def summary(self, markdown: str) -> None:
        """Something for the page of the run."""
        ...

    def comment(self, markdown: str, mark: str) -> bool:
        """Say it on the pull request, in place of the comment that has the mark; False if there is
        no pull request. Raises CommentError.
        """
        ...
