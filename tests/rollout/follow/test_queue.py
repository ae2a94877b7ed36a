"""Which version is handled next."""

import pytest

from rollout.follow import Publication, VersionQueue

DEFINITION = (
    "/subscriptions/s-1/resourceGroups/demo/providers/Microsoft.Compute/galleries/golden/images/web"
)


def version(number: str) -> Publication:
    return Publication.of(DEFINITION, number)


ONE, TWO, THREE, FOUR = map(version, ("1.0.1", "1.0.2", "1.0.3", "1.0.10"))


def queue(*heard: Publication, handled: Publication = ONE) -> VersionQueue:
    found = VersionQueue()
    for publication in heard:
        found = found.heard(publication, handled) or found
    return found


def after(
    found: VersionQueue, handled: Publication, came: str, newer: Publication | None = None
) -> tuple[Publication | None, VersionQueue]:
    return found.after(handled, rolled=came == "rolled", useless=came == "useless", newer=newer)


@pytest.mark.parametrize("old", [ONE, version("1.0.0"), TWO, THREE])
def test_what_is_not_newer_changes_nothing(old: Publication) -> None:
    assert queue(THREE).heard(old, ONE) is None


@pytest.mark.parametrize("came", ["rolled", "useless", "left"])
def test_the_newest_that_came_is_next(came: str) -> None:
    following, rest = after(queue(TWO, FOUR, THREE), ONE, came)
    assert following == FOUR
    assert rest.next is None


@pytest.mark.parametrize(
    ("came", "following"), [("rolled", None), ("left", None), ("useless", TWO)]
)
def test_what_was_passed_over_is_next_if_the_newer_one_is_of_no_use(
    came: str, following: Publication | None
) -> None:
    _, rest = after(queue(TWO, THREE), ONE, "rolled")
    assert after(rest, THREE, came)[0] == following


def test_what_is_older_than_what_was_rolled_is_forgotten() -> None:
    _, rest = after(queue(TWO), ONE, "left")
    assert rest.passed == (ONE,)
    _, rest = after(queue(THREE, handled=TWO), TWO, "rolled")
    assert rest.passed == ()


def test_one_that_was_not_heard_of_is_next_only_if_none_was() -> None:
    assert after(queue(), ONE, "left", newer=FOUR)[0] == FOUR
    assert after(queue(TWO), ONE, "left", newer=FOUR)[0] == TWO


def test_no_more_is_remembered_than_is_of_use() -> None:
    many = [version(f"1.0.{number}") for number in range(2, 200)]
    _, rest = after(queue(*many), ONE, "left")
    assert len(rest.passed) == 10


def test_it_comes_to_an_end() -> None:
    found, handled, seen = queue(TWO, THREE, FOUR), ONE, 0
    following: Publication | None = handled
    while following:
        following, found = after(found, following, "useless")
        seen += 1
    assert seen == 5
