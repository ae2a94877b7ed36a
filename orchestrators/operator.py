"""The operator's hand: a verb may come at any moment."""

from collections.abc import Callable
from typing import Any

from orchestrators.context import Context
from orchestrators.ears import Ears
from rollout.command import Command
from rollout.control import VERBS_HEARD
from rollout.names import COMMAND


class Operator(Ears):
    """Hears verbs, and nothing else."""

    def __init__(
        self, context: Context, heard: Callable[[Command], None], verbs: int = VERBS_HEARD
    ) -> None:
        def note(said: Any) -> None:
            if command := command_of(said):
                heard(command)

        super().__init__(context, {COMMAND: verbs}, note)

    @property
    def hears_only_the_end(self) -> bool:
        """Whether only one more verb will be heard."""
        return self.left == 1


def command_of(said: Any) -> Command | None:
    """The command in what was said; None for what is no command."""
    try:
        return Command.from_json(said)
    except ValueError:
        return None
