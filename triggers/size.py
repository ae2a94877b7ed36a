"""How large a request may be."""

from http import HTTPStatus

import azure.functions as func

from rollout.problem import Problem, Refused

LARGEST_BODY = 256 * 1024
"""In bytes. A request with a thousand instance ids has 15 KB; the Functions host takes 100 MB."""


def refuse_if_too_large(req: func.HttpRequest) -> None:
    """Raises Refused (413) before the body is read as anything."""
    size = len(req.get_body())
    if size <= LARGEST_BODY:
        return
    raise Refused(
        Problem(
            status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            title="The request is too large",
            detail=f"The body has {size} bytes, and {LARGEST_BODY} are taken. Nothing was started "
            "and nothing was changed: leave out what is no field of the request.",
        )
    )
