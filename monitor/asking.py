"""Asks Azure Monitor on a thread, and makes of whatever goes wrong an answer that says so."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

from compute.errors import explained
from rollout.base import ArmError, ArmFailure, SettingError, spoken
from rollout.gates import Answered, GateVerdict

_DENIED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
_UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError)
"""What the SDKs raise over an answer that has another shape than they expect."""


async def asked(work: Callable[[], Answered], action: str, resource: str, needs: str) -> Answered:
    """What `work` answers, which calls Azure. An outage, a missing right, an answer that cannot be
    read are no failure of the gate: it cannot be told. `needs` is the right that the call needs.
    """
    try:
        return await asyncio.to_thread(_explained, work, action, resource)
    except ArmFailure as failure:
        return _untold(failure.error, needs)
    except SettingError as error:
        return Answered.unknown(f"could not {action} {resource}: {error}")
    except _UNREADABLE as error:
        why = f"Azure's answer cannot be read ({type(error).__name__})"
        return Answered.unknown(f"could not {action} {resource}: {why}")


def _explained(work: Callable[[], Answered], action: str, resource: str) -> Answered:
    with explained(action, resource):
        return work()


def _untold(error: ArmError, needs: str) -> Answered:
    evidence = {"status": error.status, "code": error.code}
    if error.throttled:
        wait = timedelta(seconds=error.retry_after) if error.retry_after else None
        message = f"{error}" + (f"; asked again after {spoken(wait)}" if wait else "")
        return Answered(verdict=GateVerdict.NOT_YET, message=message, evidence=evidence, after=wait)
    right = f". The app's identity needs {needs}" if error.status in _DENIED else ""
    return Answered.unknown(f"{error}{right}", **evidence)
