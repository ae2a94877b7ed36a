"""What an error answer means for us."""

import pytest

from compute.errors import kind_of
from rollout.problem import ArmErrorKind


@pytest.mark.parametrize(
    ("status", "code", "target", "kind", "passes"),
    [
        (404, "ResourceNotFound", "", ArmErrorKind.NOT_FOUND, False),
        (404, "PlatformImageNotFound", "imageReference", ArmErrorKind.NOT_FOUND, False),
        (412, "PreconditionFailed", "", ArmErrorKind.STALE, False),
        (400, "InvalidParameter", "instanceIds", ArmErrorKind.STALE, False),
        (400, "InvalidParameter", "$skiptoken", ArmErrorKind.REFUSED, False),
        (400, "BadRequest", "", ArmErrorKind.REFUSED, False),
        (403, "AuthorizationFailed", "", ArmErrorKind.REFUSED, False),
        (409, "Conflict", "", ArmErrorKind.BUSY, True),
        (409, "OperationNotAllowed", "", ArmErrorKind.REFUSED, False),
        (429, "OperationNotAllowed", "HighCostGet", ArmErrorKind.UNAVAILABLE, True),
        (408, "RequestTimeout", "", ArmErrorKind.UNAVAILABLE, True),
        (500, "InternalServerError", "", ArmErrorKind.UNAVAILABLE, True),
        (503, "ServerTimeout", "", ArmErrorKind.UNAVAILABLE, True),
        (0, "ServiceRequestError", "", ArmErrorKind.UNAVAILABLE, True),
    ],
)
def test_the_kind_of_an_error(
    status: int, code: str, target: str, kind: ArmErrorKind, *, passes: bool
) -> None:
    assert kind_of(status, code, target) is kind
    assert (kind in {ArmErrorKind.BUSY, ArmErrorKind.UNAVAILABLE}) is passes
