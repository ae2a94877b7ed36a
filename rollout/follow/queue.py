"""Which version of an image is handled next."""

from dataclasses import dataclass, replace
from typing import Self

from rollout.follow.publication import Publication

_PASSED = 10
"""How many versions that were passed over are remembered."""


@dataclass(frozen=True)
class VersionQueue:
    """The newest version that was published while another is handled, and those that were passed
    over for a newer one, oldest first: that one may turn out to be of no use.
    """

    next: Publication | None = None
    passed: tuple[Publication, ...] = ()

    def heard(self, publication: Publication, handled: Publication) -> Self | None:
        """With that version; None if it is not newer than what is known, and changes nothing."""
        if not publication.newer_than((self.next or handled).version):
            return None
        over = (self.next,) if self.next else ()
        return replace(self, next=publication, passed=(*self.passed, *over)[-_PASSED:])

    def after(
        self, handled: Publication, *, rolled: bool, useless: bool, newer: Publication | None
    ) -> tuple[Publication | None, Self]:
        """What to handle after that one, and what remains. `useless` if the version itself could
        not be used; `newer` is one that its followers can have, which was not heard of.
        """
        if self.next:
            newer_ones = tuple(each for each in self.passed if each.newer_than(handled.version))
            passed = newer_ones if rolled else (*self.passed, handled)
            return self.next, replace(self, next=None, passed=passed[-_PASSED:])
        if newer:
            return newer, self
        if useless and self.passed:
            return self.passed[-1], replace(self, passed=self.passed[:-1])
        return None, self
