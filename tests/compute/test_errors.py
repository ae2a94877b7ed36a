"""What an error answer means for us."""

import pytest
from azure.core.exceptions import ServiceRequestError

from compute.errors import explained, kind_of, without_queries
from rollout.base import ArmErrorKind, ArmFailure


@pytest.mark.parametrize(
    ("status", "code", "target", "kind", "passes"),
    [
        (404, "ResourceNotFound", "", ArmErrorKind.NOT_FOUND, False),
        (404, "PlatformImageNotFound", "imageReference", ArmErrorKind.NOT_FOUND, False),
        (412, "PreconditionFailed", "", ArmErrorKind.STALE, False),
        (400, "InvalidParameter", "instanceIds", ArmErrorKind.STALE, False),
        (400, "InvalidSubscriptionId", "", ArmErrorKind.NOT_FOUND, False),
        (400, "InvalidParameter", "$skiptoken", ArmErrorKind.REFUSED, False),
        (400, "BadRequest", "", ArmErrorKind.REFUSED, False),
        (401, "ExpiredAuthenticationToken", "", ArmErrorKind.UNAVAILABLE, True),
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


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("with url: /a/b?p=1&s=x (Caused by it)", "with url: /a/b (Caused by it)"),
        (
            "see https://h/a?t=1, 'https://h/b?s=2' and no more?",
            "see https://h/a 'https://h/b' and no more?",
        ),
        ("nothing to cut", "nothing to cut"),
    ],
)
def test_the_query_of_a_url_is_not_told(text: str, kept: str) -> None:
    assert without_queries(text) == kept


def test_a_signed_url_that_could_not_be_read_is_not_quoted() -> None:
    """As requests puts it when a proxy is in the way."""
    told = "Max retries exceeded with url: /operations/1?p=1&s=SIGNATURE (Caused by ProxyError())"
    with pytest.raises(ArmFailure) as caught, explained("read the operation on", "web"):
        raise ServiceRequestError(told)
    error = caught.value.error
    assert (error.kind, error.code) == (ArmErrorKind.UNAVAILABLE, "ServiceRequestError")
    assert error.message == "Max retries exceeded with url: /operations/1 (Caused by ProxyError())"
