"""What the app answers of gates, hooks, windows and news."""

from typing import Any

type Json = dict[str, Any]

GATE = {
    "name": "error rate",
    "kind": "http",
    "place": "afterBatch",
    "weight": "required",
    "verdict": "pass",
    "message": "would pass now: GET checks.contoso.com/web answered 200, and ok is true",
}


def gated(body: Json) -> Json:
    """A rollout with all that it may wait for."""
    lines: list[Json] = [
        GATE | {"message": "GET checks.contoso.com/web answered 200, and ok is true"},
        {"name": "approval of each batch", "kind": "approval", "place": "beforeBatch",
         "weight": "required", "verdict": "notYet", "message": "Batch 2 waits for approval",
         "until": "2026-01-01T14:00:00Z"},
        {"name": "bake of the canary", "kind": "bake", "place": "bake", "verdict": "pass"},
        {"name": "tests", "kind": "query", "place": "end", "weight": "dryRun", "verdict": "fail"},
        {"name": "alerts", "kind": "alert", "place": "end", "weight": "required"},
    ]  # fmt: skip
    drain = {"name": "drain", "place": "beforeBatch", "verdict": "unknown", "message": "No answer"}
    return body | {"gates": lines, "hooks": [drain], "opensAt": "2026-01-01T15:07:00Z"}


def planned_with_all(plan: Json) -> Json:
    first = "2026-01-01T21:00:00Z"
    said = "The first batch waits until Thu 2026-01-01 22:00 Europe/Berlin (21:00 UTC)"
    news: list[Json] = [
        {"name": "ops", "kind": "slack", "kinds": []},
        {"name": "audit", "kind": "webhook", "kinds": ["finished", "needsYou"]},
        {"name": "desk", "kind": "slack", "kinds": ["finished", "needsYou"]},
    ]
    return plan | {
        "opening": {"firstBatchAt": first, "message": said},
        "hooks": [{"name": "drain", "kind": "http", "place": "beforeBatch"}],
        "news": news,
    }


def told_of(**parts: list[Json]) -> Json:
    """Two receivers; and what they did not take."""
    hook: Json = {"name": "audit", "kind": "webhook", "host": "hooks.contoso.com", "only": {}}
    only = {"kinds": ["finished", "needsYou"], "ids": "prod-*"}
    receivers: list[Json] = [{"name": "ops", "kind": "slack", "only": only}, hook]
    return {"receivers": receivers, "waiting": [], "givenUp": []} | parts


LATE = {"receiver": "audit", "subject": {"kind": "fleetRollout", "id": "cve"}, "waiting": 3,
        "why": "hooks.contoso.com answered 503"}  # fmt: skip
LOST_NEWS = {"receiver": "ops", "subject": {"kind": "rollout", "id": "web-1"}, "kind": "needsYou",
             "why": "hooks.slack.com answered 404: no_service"}  # fmt: skip
TRIED = [
    {"receiver": "ops", "delivered": True, "why": None},
    {"receiver": "audit", "delivered": False, "why": "hooks.contoso.com answered 503"},
]
