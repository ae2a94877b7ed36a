"""Whose a token is: one for Azure Monitor opens nothing else, and nothing else opens it.

Only the simulator's own tokens say whose they are; any other opens everything.
"""

from enum import StrEnum
from http import HTTPStatus

from local.arm.base import ArmError

_OURS = "simulated-token."


class Audience(StrEnum):
    """A part of Azure that takes tokens for itself only."""

    RESOURCE_MANAGER = "Azure Resource Manager"
    METRICS = "Azure Monitor's metrics"
    LOGS = "Azure Monitor's logs"

    @classmethod
    def of_path(cls, path: str) -> "Audience":
        if path.startswith("/v1/"):
            return cls.LOGS
        return cls.METRICS if path.endswith("/metrics:getBatch") else cls.RESOURCE_MANAGER

    @classmethod
    def of_resource(cls, resource: str) -> "Audience":
        """Of the address that a token is asked for."""
        if "//api.loganalytics." in resource:
            return cls.LOGS
        return cls.METRICS if "//metrics.monitor." in resource else cls.RESOURCE_MANAGER


def token_for(resource: str) -> str:
    return f"{_OURS}{Audience.of_resource(resource).name}"


def refusal_of_token(authorization: str, path: str) -> ArmError | None:
    """Code and beginning of the text as real answers of Azure Resource Manager are quoted in
    public; that the others answer the same is assumed.
    """
    token = authorization.removeprefix("Bearer ")
    wanted = Audience.of_path(path)
    if not token.startswith(_OURS) or token == f"{_OURS}{wanted.name}":
        return None
    message = f"The access token has been obtained for wrong audience or resource: not {wanted}."
    return ArmError(HTTPStatus.UNAUTHORIZED, "InvalidAuthenticationTokenAudience", message)
