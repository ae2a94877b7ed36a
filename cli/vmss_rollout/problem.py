"""What the app answers when it does not do something, in a sentence and with the next step."""

import json

import httpx

from vmss_rollout import exits
from vmss_rollout.app_context import AppContext
from vmss_rollout.command_error import NOT_FOUND, CommandError
from vmss_rollout.paths import FLEETS
from vmss_rollout.values import Json, fields, lines, text

_UNAUTHORIZED, _FORBIDDEN = 401, 403
_PASSING = {408, 429, 502, 503, 504}
_CODES = {
    400: exits.USAGE,
    401: exits.REFUSED,
    403: exits.REFUSED,
    404: exits.USAGE,
    405: exits.USAGE,
    409: exits.REFUSED,
    413: exits.USAGE,
}


def problem(response: httpx.Response, app: AppContext) -> CommandError:
    """The answer as an error: what the app says, else what its status means."""
    body, status = _body(response), response.status_code
    said = _said(body)
    passing = status in _PASSING
    if status == _UNAUTHORIZED or response.is_redirect:
        return _unknown_caller(app, said)
    return CommandError(
        said or _unsaid(status, app),
        _next_step(status, response, text(body, "rolloutId")),
        _CODES.get(status, exits.FAILED),
        status=status,
        passing=passing,
        retry_after=_seconds(response),
    )


def _body(response: httpx.Response) -> Json:
    try:
        return fields(response.json())
    except (json.JSONDecodeError, UnicodeDecodeError):
        return {}


def _said(body: Json) -> str:
    """The detail, else the title, and what is wrong with each field."""
    said = text(body, "detail") or text(body, "title")
    wrong = [
        f"{text(error, 'path')}: {text(error, 'message')}".removeprefix("$: ")
        for error in lines(body, "errors")
        if text(error, "message") not in said
    ]
    return "\n  ".join([said, *wrong])


def _unsaid(status: int, app: AppContext) -> str:
    if status == NOT_FOUND:
        return f"{app.url} does not know that address: is it VMSS Rollout?"
    return f"{app.url} answered {status}, and gave no reason."


def _unknown_caller(app: AppContext, said: str) -> CommandError:
    name = app.name or app.url
    return CommandError(
        said or f"{app.url} does not know who calls.",
        f"Give the function key in VMSS_ROLLOUT_KEY, or keep it: vmss-rollout context key {name}. "
        "If the app asks for Entra ID, name its scope: vmss-rollout context add --scope api://….",
        exits.REFUSED,
        status=401,
    )


def _next_step(status: int, response: httpx.Response, rollout_id: str) -> str:
    if rollout_id:
        fleet = "fleet " if FLEETS in response.request.url.path else ""
        return f"See it: vmss-rollout {fleet}watch {rollout_id}"
    if status == _FORBIDDEN:
        return "Ask for the right, or use another key: vmss-rollout doctor"
    if status in _PASSING:
        wait = _seconds(response)
        return f"Try again in {wait:.0f} s." if wait else "Try again in a moment."
    return ""


def _seconds(response: httpx.Response) -> float:
    """Retry-After, in seconds; 0 if it does not say."""
    try:
        return max(0.0, float(response.headers.get("retry-after", "0")))
    except ValueError:
        return 0.0
