"""The simulated Azure as a web application."""

from asyncio import to_thread
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from http import HTTPStatus

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from local.arm.base import ArmError
from local.arm.event_grid import Dispatcher
from local.arm.http.answer import error_answer
from local.arm.http.arm_routes import arm_routes
from local.arm.http.event_grid_routes import event_grid_routes
from local.arm.http.gateway import Gateway
from local.arm.http.identity_route import identity_route
from local.arm.http.page import page_routes
from local.arm.http.problem import invalid, problem
from local.arm.http.received_routes import received_routes
from local.arm.http.sim_routes import PREFIX, sim_routes
from local.arm.model import Azure


def create_app(azure: Azure, dispatcher: Dispatcher | None = None) -> Starlette:
    """Everything the simulated Azure serves, over plain http. Events are delivered by `dispatcher`,
    which runs as long as the app is served.
    """
    dispatcher = dispatcher or Dispatcher(azure)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        dispatcher.start()
        yield
        await to_thread(dispatcher.stop)

    return Starlette(
        routes=[
            *arm_routes(azure),
            *sim_routes(azure),
            *received_routes(azure),
            *event_grid_routes(azure, dispatcher),
            identity_route(azure),
            *page_routes(),
        ],
        lifespan=lifespan,
        middleware=[Middleware(Gateway, azure=azure)],
        exception_handlers=dict.fromkeys((ArmError, ValidationError, HTTPException), _failed),
    )


async def _failed(request: Request, error: Exception) -> Response:
    match error:
        case ValidationError():
            return invalid(error)
        case ArmError():
            return _refused(request, error)
        case HTTPException():
            return _not_served(request, error.status_code)
        case _:
            raise error


def _refused(request: Request, error: ArmError) -> Response:
    """In the format of the API that was called: ARM, or the controls."""
    if request.url.path.startswith(PREFIX):
        return problem(error.status, str(error))
    return error_answer(error)


def _not_served(request: Request, status: int) -> Response:
    """A path or method the simulator does not have. For ARM that is 501: clients take a 404 for an
    answer ("gone already", "does not exist"), and 501 for none, which they do not try again.
    """
    message = f"The simulated Azure does not serve {request.method} {request.url.path}."
    if request.url.path.startswith(PREFIX):
        return problem(status, message)
    return error_answer(ArmError(HTTPStatus.NOT_IMPLEMENTED, "NotImplemented", message))
