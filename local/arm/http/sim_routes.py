"""The controls for people and tests, under /_sim: no Authorization, no api-version."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.arm.base import SUBSCRIPTION, Declared, instant
from local.arm.http.answer import empty_answer, json_answer
from local.arm.http.call import Call, Handler
from local.arm.http.monitor_routes import monitor_controls, shown_monitor
from local.arm.http.problem import problem
from local.arm.http.received_routes import answer_bodies, received_body
from local.arm.http.sim_bodies import fault_body, image_body
from local.arm.images import published_from_json
from local.arm.model import Azure, Buckets, ScaleSetSpec, fault_from_json
from local.base import ManualClock

PREFIX = "/_sim"
_SHOWN = 20


class _Budgets(Declared):
    share: float = Field(default=1, gt=0, le=1)
    """The part of each budget that is ours."""
    subscription_share: float | None = Field(default=None, gt=0, le=1)
    """The part that is ours of the subscription's budgets; None: the same."""
    enforced: bool = True


class _Advance(Declared):
    advance: float = Field(ge=0)
    """Seconds."""


def sim_routes(azure: Azure) -> list[Route]:
    sets, single = f"{PREFIX}/scale-sets", f"{PREFIX}/scale-sets/{{group}}/{{set}}"
    served: list[tuple[str, str, Handler]] = [
        ("GET", PREFIX, _everything),
        ("POST", sets, _add_scale_set),
        ("GET", sets, _truths),
        ("GET", single, _truth),
        ("GET", f"{PREFIX}/images", _images),
        ("POST", f"{PREFIX}/images", _add_image),
        ("DELETE", f"{PREFIX}/images", _withdraw_image),
        ("GET", f"{PREFIX}/faults", _faults),
        ("POST", f"{PREFIX}/faults", _add_fault),
        ("DELETE", f"{PREFIX}/faults", _clear_faults),
        ("DELETE", f"{PREFIX}/faults/{{fault}}", _end_fault),
        ("GET", f"{PREFIX}/requests", _requests),
        ("DELETE", f"{PREFIX}/requests", _forget_requests),
        ("GET", f"{PREFIX}/tokens", _tokens),
        ("PUT", f"{PREFIX}/budgets", _set_budgets),
        ("POST", f"{PREFIX}/clock", _advance_clock),
        *monitor_controls(PREFIX),
    ]
    return [Route(path, _endpoint(azure, call), methods=[method]) for method, path, call in served]


def _endpoint(azure: Azure, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        raw_body = await request.body()
        return handler(Call(azure, azure.clock.now(), request, raw_body))

    return serve


def _everything(call: Call) -> Response:
    """All that a page shows, in one answer and at one moment."""
    with call.azure.settled() as now:
        return json_answer(
            {
                "now": instant(now),
                "scaleSets": call.azure.truths(),
                "faults": [fault_body(fault) for fault in call.azure.active_faults()],
                "images": [image_body(*image) for image in call.azure.published_images()],
                **shown_monitor(call.monitor),
                "received": [received_body(each) for each in call.azure.received.all()[-_SHOWN:]],
                "answers": answer_bodies(call.azure.received.answers),
            }
        )


def _add_scale_set(call: Call) -> Response:
    scale_set_id = call.azure.add_scale_set(ScaleSetSpec.from_json(call.body))
    return json_answer({"id": scale_set_id}, 201)


def _truths(call: Call) -> Response:
    return json_answer(call.azure.truths())


def _truth(call: Call) -> Response:
    subscription = call.query("subscription") or SUBSCRIPTION
    return json_answer(call.azure.truth(call.path("group"), call.path("set"), subscription))


def _images(call: Call) -> Response:
    return json_answer([image_body(*image) for image in call.azure.published_images()])


def _add_image(call: Call) -> Response:
    return json_answer({"id": call.azure.add_image(published_from_json(call.body))}, 201)


def _withdraw_image(call: Call) -> Response:
    """`?image=` is the id that the POST returned."""
    identity = call.query("image")
    if not call.azure.withdraw_image(identity):
        return problem(404, f"There is no image {identity!r}: give the id its POST answered.")
    return empty_answer(204)


def _faults(call: Call) -> Response:
    """What goes wrong now, or will; what is over is not there any more."""
    return json_answer([fault_body(fault) for fault in call.azure.active_faults()])


def _add_fault(call: Call) -> Response:
    return json_answer({"id": call.azure.add_fault(fault_from_json(call.body))}, 201)


def _clear_faults(call: Call) -> Response:
    call.azure.clear_faults()
    return empty_answer(204)


def _end_fault(call: Call) -> Response:
    name = call.path("fault")
    if not call.azure.end_fault(name):
        detail = f"There is no active fault {name!r}: GET {PREFIX}/faults lists those there are."
        return problem(404, detail)
    return empty_answer(204)


def _requests(call: Call) -> Response:
    served = [
        {
            "at": instant(request.at),
            "method": request.method,
            "path": request.path,
            "status": request.status,
        }
        for request in call.azure.requests.all()
    ]
    return json_answer(served)


def _forget_requests(call: Call) -> Response:
    call.azure.requests.clear()
    return empty_answer(204)


def _tokens(call: Call) -> Response:
    return json_answer(call.azure.tokens)


def _set_budgets(call: Call) -> Response:
    """Whether calls beyond Azure's token buckets are refused; full buckets from now on."""
    budgets = _Budgets.from_json(call.body)
    call.azure.buckets = Buckets(
        budgets.share, share_of_all=budgets.subscription_share, enforced=budgets.enforced
    )
    return empty_answer(204)


def _advance_clock(call: Call) -> Response:
    seconds = _Advance.from_json(call.body).advance
    if not isinstance(call.azure.clock, ManualClock):
        return problem(409, "The clock runs by itself: only a manual clock can be advanced.")
    call.azure.clock.advance(timedelta(seconds=seconds))
    return json_answer({"now": instant(call.azure.clock.now())})
