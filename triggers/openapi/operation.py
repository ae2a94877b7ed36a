"""One call of the API as the contract describes it, and the parameters that calls share."""

from dataclasses import dataclass
from typing import Any

from rollout.base import Phase, Value
from triggers.web import IDEMPOTENCY_KEY, MARK, MOST

type Json = dict[str, Any]


@dataclass(frozen=True)
class ApiOperation:
    """One call of the API: what it takes, what it returns, and its possible problem statuses, but
    for those that every call has; `open` if it asks for no role, `anonymous` if it
    asks for nothing. `more` is its description, if that
    is more than the summary.
    """

    name: str
    method: str
    path: str
    summary: str
    gives: type[Value]
    takes: type[Value] | None = None
    body_required: bool = True
    many: bool = False
    statuses: tuple[int, ...] = (200,)
    refuses: tuple[int, ...] = ()
    parameters: tuple[Json, ...] = ()
    more: str = ""
    open: bool = False
    anonymous: bool = False

    @property
    def problems(self) -> tuple[int, ...]:
        """Of every call: nobody is signed in, the caller's roles do not allow it, or a setting is
        wrong; of one that takes a body: it is too large.
        """
        if self.anonymous:
            return (*self.refuses, 413)
        shared = (401,) if self.open else (401, 403, 503)
        return (*self.refuses, *shared, *((413,) if self.takes else ()))


def parameter(name: str, place: str, description: str, schema: Json | None = None) -> Json:
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "description": description,
        "schema": schema or {"type": "string"},
    }


ID = (parameter("id", "path", "The rollout's id."),)
OF_A_FLEET = (parameter("id", "path", "The fleet rollout's id."),)
KEY = (parameter(IDEMPOTENCY_KEY, "header", "The rollout's id, if the body gives none."),)
PHASE_AND_TOP = (
    parameter("phase", "query", "Only those in this phase.", {"enum": list(Phase)}),
    parameter(
        "top", "query", "At most this many.", {"type": "integer", "minimum": 1, "maximum": MOST}
    ),
)
FILTERS = (
    *PHASE_AND_TOP,
    parameter("scaleSet", "query", "Only rollouts of this scale set (its name or ARM id)."),
)
AS_LINES = parameter(
    "format", "query", "ndjson: a JSON document per line.", {"enum": ["json", "ndjson"]}
)
AFTER = parameter(
    "after",
    "query",
    "Only what arrived after that: `lastEvent` of the view, or the last number of each part that "
    "you have, as part:number, separated by commas. What arrives late belongs before those that "
    "were there (see position). A line whose number has grown replaces the one of its position.",
    {"type": "string", "pattern": f"^{MARK}$"},
)
_SUBSCRIPTION = parameter(
    "subscription", "query", "The subscription; without it, AZURE_SUBSCRIPTION_ID of the app."
)
SETS = (_SUBSCRIPTION, parameter("resourceGroup", "query", "Only those of this group."))
BEHIND = parameter(
    "behind",
    "query",
    "true: with the newest version of each image, which takes more reads of Azure: a list for each "
    "image and region, and up to three versions of your own gallery.",
    {"enum": ["true", "false"]},
)
SET_PATH = (
    parameter("resourceGroup", "path", "Its resource group."),
    parameter("name", "path", "Its name."),
    _SUBSCRIPTION,
)
