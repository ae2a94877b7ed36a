"""The setting for where in Azure the app may roll."""

import re

from rollout.inventory import EVERYWHERE, EVERYWHERE_WORD, SEGMENT, SUBSCRIPTION, Scopes

_SCOPE = re.compile(
    rf"/subscriptions/{SUBSCRIPTION}(?:/resourceGroups/{SEGMENT})?/?", re.IGNORECASE
)


def parse_scopes(text: str) -> Scopes:
    """Ids separated by commas, or the word for everywhere. Raises ValueError that explains how to
    set it.
    """
    if text.strip().casefold() == EVERYWHERE_WORD:
        return EVERYWHERE
    ids = [part.strip() for part in text.split(",") if part.strip()]
    wrong = [scope for scope in ids if not _SCOPE.fullmatch(scope)]
    if wrong:
        raise ValueError(
            f"{wrong[0]} is not the ARM id of a subscription or a "
            "resource group: set it to such ids with commas between them, for example "
            "/subscriptions/{id},/subscriptions/{id}/resourceGroups/{group}, or to "
            f"{EVERYWHERE_WORD} alone, for every scale set that the app's identity can reach"
        )
    return Scopes(tuple(scope.rstrip("/") for scope in ids))
