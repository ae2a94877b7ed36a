"""The routes under /api/scale-sets: which scale sets there are."""

import asyncio
import re
from collections.abc import Mapping, Sequence

import azure.functions as func

from durable import (
    Client,
    ScaleSetReads,
    listed_rollouts,
    owner_now,
    read_azure,
    rollout_now,
)
from rollout.base import FieldError, Problem, Refused, invalid
from rollout.inventory import (
    SEGMENT,
    SUBSCRIPTION,
    LastRollout,
    NewestImage,
    ScaleSetId,
    ScaleSetSummary,
)
from rollout.run import RolloutSummary
from triggers.web import Call, Route, answer

_IN = ("subscription",)
_AT_ONCE = 16
"""How many locks are read at once."""


def scale_set_routes(scale_sets: ScaleSetReads) -> list[Route]:
    """The list, and one scale set."""

    async def list_scale_sets(call: Call) -> func.HttpResponse:
        where = _Where(call.req, scale_sets.subscription())
        behind = _wants_behind(call.req)
        found = await read_azure(scale_sets.listed, where.subscription, where.resource_group)
        newest = await read_azure(scale_sets.newest, found) if behind else {}
        known = await _known(call.client, found, newest)
        return answer([scale_set.to_json() for scale_set in known])

    async def view_scale_set(call: Call) -> func.HttpResponse:
        where = _Where(call.req, scale_sets.subscription())
        view = await read_azure(scale_sets.viewed, _named(call.req, where.subscription))
        [known] = await _known(call.client, [view], {})
        return answer(known.to_json())

    async def list_images(call: Call) -> func.HttpResponse:
        where = _Where(call.req, scale_sets.subscription())
        choices = await read_azure(scale_sets.choices, _named(call.req, where.subscription))
        return answer(choices.to_json())

    async def view_rights(call: Call) -> func.HttpResponse:
        where = _Where(call.req, scale_sets.subscription())
        rights = await read_azure(scale_sets.rights, _named(call.req, where.subscription))
        return answer(rights.to_json())

    return [
        Route("list_scale_sets", list_scale_sets, ("subscription", "resourceGroup", "behind")),
        Route("view_scale_set", view_scale_set, _IN),
        Route("list_scale_set_images", list_images, _IN),
        Route("view_scale_set_rights", view_rights, _IN),
    ]


async def _known[S: ScaleSetSummary](
    client: Client, found: Sequence[S], newest: Mapping[str, NewestImage]
) -> list[S]:
    """With the rollouts of each: the active one, and the last."""
    listed = await listed_rollouts(client)
    keys = {scale_set.id.key for scale_set in found}
    active = await _active(client, [scale_set.id for scale_set in found], listed)
    last = await _last(client, [line for line in listed if line.scale_set.key in keys])
    return [
        scale_set.with_rollout(active.get(scale_set.id.key)).knowing(
            last.get(scale_set.id.key), newest.get(scale_set.id.key)
        )
        for scale_set in found
    ]


def _wants_behind(req: func.HttpRequest) -> bool:
    """Whether to read how far each one is behind (?behind=true). Raises Refused."""
    text = req.params.get("behind", "false")
    if text not in {"true", "false"}:
        raise invalid([FieldError(path="behind", message="must be true or false")])
    return text == "true"


async def _last(client: Client, listed: Sequence[RolloutSummary]) -> dict[str, LastRollout]:
    """The newest rollout of each scale set that has had one, by its key; `listed` has the newest
    first.
    """
    newest: dict[str, RolloutSummary] = {}
    for line in listed:
        newest.setdefault(line.scale_set.key, line)
    now = [await rollout_now(client, line) for line in newest.values()]
    return {
        line.scale_set.key: LastRollout(
            id=line.id,
            phase=line.phase,
            started_at=line.started_at,
            finished_at=line.finished_at,
        )
        for line in now
    }


async def _active(
    client: Client, scale_sets: list[ScaleSetId], listed: list[RolloutSummary]
) -> dict[str, str]:
    """The ids of the rollouts because of which a start would be refused now, by the keys of their
    scale sets.
    """
    gate = asyncio.Semaphore(_AT_ONCE)

    async def owner(scale_set: ScaleSetId) -> str | None:
        async with gate:
            return await owner_now(client, scale_set, listed)

    owners = await asyncio.gather(*map(owner, scale_sets))
    return {
        scale_set.key: rollout_id
        for scale_set, rollout_id in zip(scale_sets, owners, strict=True)
        if rollout_id
    }


class _Where:
    """Where to look: ?subscription= (default: the app's own), ?resourceGroup=. Raises Refused."""

    def __init__(self, req: func.HttpRequest, default: str | None) -> None:
        self.errors: list[FieldError] = []
        self.subscription = self._subscription(req.params.get("subscription", default))
        self.resource_group = self._resource_group(req.params.get("resourceGroup"))
        if self.errors:
            raise invalid(self.errors)

    def _subscription(self, text: str | None) -> str:
        if text is not None and re.fullmatch(SUBSCRIPTION, text):
            return text
        wrong = "is required" if text is None else f"{text!r} is not the id of a subscription"
        how = "give it as ?subscription=…, or set AZURE_SUBSCRIPTION_ID for the app"
        self.errors.append(FieldError(path="subscription", message=f"{wrong}: {how}"))
        return ""

    def _resource_group(self, text: str | None) -> str | None:
        if text is None or re.fullmatch(SEGMENT, text):
            return text
        message = f"{text!r} is not the name of a resource group"
        self.errors.append(FieldError(path="resourceGroup", message=message))
        return None


def _named(req: func.HttpRequest, subscription: str) -> ScaleSetId:
    """The scale set in the path. Raises Refused (404) if it cannot be one's name."""
    group, name = (req.route_params.get(part, "") for part in ("resourceGroup", "name"))
    if all(re.fullmatch(SEGMENT, part) for part in (group, name)):
        return ScaleSetId(subscription, group, name)
    raise Refused(
        Problem(
            status=404,
            title="No such scale set",
            detail=f"There is no scale set {name!r} in resource group {group!r}. "
            "GET /api/scale-sets lists those there are.",
        )
    )
