"""GET /api/policies/presets: policies with a name, to begin a rollout with."""

import azure.functions as func

from rollout.plan import PRESETS
from triggers.web import Call, Route, answer


def policy_routes() -> list[Route]:
    """The list."""
    return [Route("list_presets", _list_presets)]


async def _list_presets(_: Call) -> func.HttpResponse:
    return answer([preset.to_json() for preset in PRESETS])
