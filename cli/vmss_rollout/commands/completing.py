"""What a shell offers for a name. Nothing is offered when the app cannot be asked."""

from vmss_rollout.command_error import CommandError
from vmss_rollout.paths import FLEETS, ROLLOUTS, SETS
from vmss_rollout.session import Session
from vmss_rollout.values import text


def rollout_ids(incomplete: str) -> list[str]:
    return _offered(ROLLOUTS, "id", incomplete)


def fleet_ids(incomplete: str) -> list[str]:
    return _offered(FLEETS, "id", incomplete)


def set_names(incomplete: str) -> list[str]:
    return _offered(SETS, "name", incomplete)


def _offered(path: str, field: str, incomplete: str) -> list[str]:
    try:
        listed = Session.real().client.listed(path)
    except CommandError:
        return []
    return [name for line in listed if (name := text(line, field)).startswith(incomplete)]
