"""One rollout per scale set: whoever holds it, is alone."""

from typing import Any

from orchestrators.context import Context, Steps
from rollout.names import ROLL_OUT, rollback_id


def hold_scale_set(context: Context) -> Steps[dict[str, Any]]:
    """Runs the rollout it is given. Its instance id is made from the scale set's id, and Durable
    starts an id only once while it runs: of any number of simultaneous starts exactly one wins.
    The hold cannot be left behind, because it ends with the rollout, whatever its end is.
    """
    order = context.get_input()
    instance_id = rollback_id(order["id"]) if order.get("back") else order["id"]
    try:
        return (yield context.call_sub_orchestrator(ROLL_OUT, order, instance_id))
    except Exception as error:  # noqa: BLE001 - terminated or broken, the scale set is free again
        return {"id": order["id"], "error": str(error)}
