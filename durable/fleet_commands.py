"""Sends an operator's commands to a fleet rollout, and takes up one that broke off."""

from durable.client import Client, command_raised, find_instance
from durable.fleet_lock import start_fleet_locked
from durable.fleets import current_wave, fleet_running_as, has_wave, published_fleet
from durable.overruled import why_it_broke_off
from durable.record import read_record
from durable.take_up import commands_received, has_ended_properly, is_obeyed
from rollout.fleet import FleetOrder, fleet_taken_up
from rollout.run import Command


async def send_command_to_fleet(client: Client, fleet_id: str, command: Command) -> bool:
    """Send a command to a fleet rollout, and then to the running wave, which forwards it to its
    rollouts; False if the fleet rollout has ended meanwhile. One that broke off is taken up, and
    what would change nothing is not sent. A wave that begins at this very moment checks for itself
    before each start (`control_of_fleet`).
    """
    found = await fleet_running_as(client, fleet_id)
    if found is None:
        return False
    instance_id, instance = found
    if instance.active and published_fleet(instance).stands(command.verb):
        return True
    if not await _brought(client, fleet_id, instance_id, command):
        return False
    said = published_fleet(instance)
    wave = await find_instance(client, current_wave(said)) if has_wave(said) else None
    if wave and wave.active:
        await command_raised(client, current_wave(said), command)
    return True


async def _brought(client: Client, fleet_id: str, instance_id: str, command: Command) -> bool:
    """Once more, if somebody else takes it up at this very moment."""
    return (
        await command_raised(client, instance_id, command)
        or await take_up_fleet(client, fleet_id, command)
        or await command_raised(client, instance_id, command)
    )


async def take_up_fleet(client: Client, fleet_id: str, command: Command | None = None) -> bool:
    """Go on with a fleet rollout that broke off; False if it has not, or goes on meanwhile without
    that command. Raises Refused (409) if another one has its scale sets.
    """
    found = await fleet_running_as(client, fleet_id)
    if found is None or found[1].active:
        return False
    instance_id, instance = found
    if has_ended_properly(instance, published_fleet(instance)):
        return False
    reason = why_it_broke_off(instance)
    record = await read_record(client, fleet_id)
    order = FleetOrder.from_json(instance.input)
    received = await commands_received(client, instance_id, instance)
    order = fleet_taken_up(order, published_fleet(instance), record, reason, command, received)
    attempt = order.resume.attempt if order.resume else 0
    await start_fleet_locked(client, order, f"{order.fingerprint}-{attempt}")
    return await is_obeyed(client, order, command)
