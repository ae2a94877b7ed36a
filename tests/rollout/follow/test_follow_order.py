"""What a followed image's orchestration is started with."""

import pytest

from rollout.follow import FollowOrder, Publication

DEFINITION = (
    "/subscriptions/s-1/resourceGroups/demo/providers/Microsoft.Compute/galleries/golden/images/web"
)


def order(version: str) -> FollowOrder:
    return FollowOrder(
        publication=Publication(
            version_id=f"{DEFINITION}/versions/{version}", definition=DEFINITION, version=version
        )
    )


@pytest.mark.parametrize("newer", ["1.0.8", "1.0.10", "1.1.0", "2.0.0"])
def test_a_newer_version_is_followed_instead(newer: str) -> None:
    followed = order("1.0.7").at_newer(newer)
    assert (followed.publication, followed.queued) == (order(newer).publication, True)


@pytest.mark.parametrize("other", ["1.0.7", "1.0.6", "0.9.9", "1.0.07"])
def test_no_other_version_is(other: str) -> None:
    assert order("1.0.7").at_newer(other) == order("1.0.7")
