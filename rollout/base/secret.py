"""A secret that is named, and never written."""

from typing import Annotated

from pydantic import Field, StringConstraints

from rollout.base.value import Request

_NAME = StringConstraints(strict=True, pattern=r"^[A-Z][A-Z0-9_]{0,63}$")


class Secret(Request):
    """Stands where a secret belongs: {"secret": "CHAT_URL"} is what the app setting
    ROLLOUT_SECRET_CHAT_URL holds.
    """

    secret: Annotated[str, _NAME] = Field(
        description="The name of an app setting without ROLLOUT_SECRET_, in capitals."
    )
