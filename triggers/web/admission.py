"""Lets a call in: is the caller signed in, and has it a role for that?"""

from collections.abc import Callable, Collection, Mapping
from typing import cast

import azure.functions as func

from rollout.access import PRINCIPAL_HEADER, AccessRules, Permission
from rollout.base import Caller, Refused

type Access = Callable[[], AccessRules]


def admitted(
    req: func.HttpRequest, rules: AccessRules, needs: Collection[Permission]
) -> Caller | None:
    """The caller who is signed in, if one is. Raises Refused (401, 403)."""
    headers = cast("Mapping[str, str]", req.headers)
    who = rules.believed(headers.get(PRINCIPAL_HEADER))
    if problem := rules.refusal(who, needs):
        raise Refused(problem)
    return who.caller if who else None
