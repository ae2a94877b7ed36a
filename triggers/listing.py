"""How a list is wanted."""

import azure.functions as func

from rollout.problem import FieldError
from triggers.answers import invalid


def wants_lines(req: func.HttpRequest) -> bool:
    """Whether as a line per item (?format=ndjson, for logs and archives), not as a JSON array.
    Raises Refused for any other format.
    """
    form = req.params.get("format", "json")
    if form not in {"json", "ndjson"}:
        raise invalid([FieldError(path="format", message="must be json or ndjson")])
    return form == "ndjson"
