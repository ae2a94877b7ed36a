"""What could not be done, for the person at the keyboard."""

from vmss_rollout import exits

NOT_FOUND = 404
"""The status of what is not there."""


class CommandError(Exception):
    """One plain sentence, the next step, and the exit code. `passing`: it may go away by itself,
    as a lost connection does; `retry_after` is when to try again, in seconds, if the app said so.
    """

    def __init__(
        self,
        sentence: str,
        next_step: str = "",
        code: int = exits.FAILED,
        *,
        status: int = 0,
        passing: bool = False,
        retry_after: float = 0,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.next_step = next_step
        self.code = code
        self.status = status
        self.passing = passing
        self.retry_after = retry_after


class UsageError(CommandError):
    """What was typed cannot be meant."""

    def __init__(self, sentence: str, next_step: str = "") -> None:
        super().__init__(sentence, next_step, exits.USAGE)


def vanished(id_: str) -> CommandError:
    """What was watched is not there any more."""
    return CommandError(
        f"{id_} is not there any more: somebody has purged it while it was watched.",
        "What its instances run: vmss-rollout sets. What has been purged does not go on.",
    )


def left(id_: str, command: str) -> CommandError:
    """Whoever watches has stopped; the command is what watches on."""
    return CommandError(
        f"You have left; {id_} goes on in the app.", f"Come back: {command}", exits.INTERRUPTED
    )
