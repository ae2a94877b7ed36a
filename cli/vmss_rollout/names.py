"""What is meant by a name: an id, a scale set's name where there is only one, or something near."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from vmss_rollout.command_error import NOT_FOUND, CommandError, UsageError
from vmss_rollout.near import near
from vmss_rollout.paths import FLEETS, ROLLOUTS, SETS, within
from vmss_rollout.values import Json, moment, text

if TYPE_CHECKING:
    from vmss_rollout.client import Client

_GROUP, _NAME = 4, 8
"""Where an ARM id has them."""
_ARM_ID = (
    "It looks like /subscriptions/…/resourceGroups/…/providers/Microsoft.Compute"
    "/virtualMachineScaleSets/…; a name is enough."
)


def rollout(client: "Client", name: str) -> Json:
    """The rollout of that id, else that of the scale set of that name."""
    try:
        return client.get(ROLLOUTS + within(name))
    except CommandError as error:
        if error.status != NOT_FOUND:
            raise
    if name.casefold() in {id_.casefold() for id_ in _ids(client, FLEETS)}:
        raise UsageError(
            f"'{name}' is a fleet rollout.",
            f"It has its own commands: vmss-rollout fleet show {name}",
        )
    listed = client.listed(ROLLOUTS)
    found = _of_scale_set(listed, name)
    if found is None:
        known = [*(text(line, "id") for line in listed), *(_short(line) for line in listed)]
        said = f"There is no rollout '{name}', and none of a scale set of that name."
        raise UsageError(said, near(name, known) or "See all: vmss-rollout list")
    return client.get(ROLLOUTS + within(found))


def fleet(client: "Client", name: str) -> Json:
    """The fleet rollout of that id."""
    try:
        return client.get(FLEETS + within(name))
    except CommandError as error:
        if error.status != NOT_FOUND:
            raise
    if name.casefold() in {id_.casefold() for id_ in _ids(client, ROLLOUTS)}:
        hint = f"It has the commands without 'fleet': vmss-rollout show {name}"
        raise UsageError(f"'{name}' is the rollout of one scale set.", hint)
    hint = near(name, _ids(client, FLEETS)) or "See all: vmss-rollout fleet list"
    raise UsageError(f"There is no fleet rollout '{name}'.", hint)


def scale_set(client: "Client", name: str) -> str:
    """The ARM id of a scale set: as typed, or of the one that has this name ("web", "demo/web")."""
    if name.startswith("/"):
        if len(name.split("/")) != _NAME + 1:
            raise UsageError(f"'{name}' is not the ARM id of a scale set.", _ARM_ID)
        return name
    listed = client.listed(SETS)
    ids = [text(line, "id") for line in listed]
    wanted = name.casefold()
    found = [id_ for id_ in ids if wanted in {name_of(id_).casefold(), grouped(id_).casefold()}]
    if len(found) == 1:
        return found[0]
    if found:
        raise _ambiguous(name, map(grouped, found))
    hint = near(name, [*map(name_of, ids), *map(grouped, ids)]) or "See all: vmss-rollout sets"
    raise UsageError(f"The app sees no scale set '{name}'.", hint)


def path_of(arm_id: str) -> str:
    """The API's path of a scale set."""
    return SETS + within(_part(arm_id, _GROUP), _part(arm_id, _NAME))


def _of_scale_set(listed: list[Json], name: str) -> str | None:
    """The rollout that goes on on the scale set of that name, else the newest; the list has the
    newest first. An older one may go on: a rollback continues the rollout that it takes back.
    """
    wanted = name.casefold()
    found = [
        line
        for line in listed
        if wanted in {_short(line).casefold(), grouped(text(line, "scaleSet")).casefold()}
    ]
    sets = {grouped(text(line, "scaleSet")).casefold(): text(line, "scaleSet") for line in found}
    if len(sets) > 1:
        raise _ambiguous(name, map(grouped, sets.values()))
    going_on = [line for line in found if moment(line, "finishedAt") is None]
    return text((going_on or found)[0], "id") if found else None


def _ambiguous(name: str, meant: Iterable[str]) -> UsageError:
    return UsageError(f"'{name}' may mean {' or '.join(sorted(meant))}.", "Say which of them.")


def _ids(client: "Client", path: str) -> list[str]:
    listed = client.listed(path)
    return [text(line, "id") for line in listed]


def _short(line: Json) -> str:
    return name_of(text(line, "scaleSet"))


def name_of(arm_id: str) -> str:
    return _part(arm_id, _NAME)


def grouped(arm_id: str) -> str:
    """Its resource group and its name: "demo/web"."""
    return f"{group_of(arm_id)}/{name_of(arm_id)}"


def group_of(arm_id: str) -> str:
    return group(_part(arm_id, _GROUP))


def group(name: str) -> str:
    """A resource group as people read it: Azure's lists have it all in capitals, whatever it is
    called, and to Azure case does not matter.
    """
    return name.lower() if name.isupper() else name


def _part(arm_id: str, number: int) -> str:
    parts = arm_id.split("/")
    return parts[number] if len(parts) > number else arm_id
