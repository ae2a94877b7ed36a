"""Pages of a list, with Azure Storage's token and limits.

Source: Durable extension source; Azure Table storage documentation (at most 1,000 rows a page);
seen with the extension 3.19: the token is base64, and the last page has none.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from local.host.http.call import Call

PAGE, MOST = 100, 1000
TOKEN = "x-ms-continuation-token"  # noqa: S105 - a page's, not a secret
MARK = "after:"

type Shorten = Callable[[int], int]


class PageRefused(Exception):  # noqa: N818 - a condition, answered as 500
    """Azure Storage would refuse such a page."""


def whole(size: int) -> int:
    """Every page is as full as it can be. Azure's may be shorter, even empty, with a token."""
    return size


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page is asked for: so many rows, after the one of that id."""

    size: int
    after: str

    def page[T](
        self, rows: Sequence[tuple[str, T]], shorten: Shorten = whole
    ) -> tuple[list[T], dict[str, str]]:
        """The page of rows (id, row), which are sorted by id, and its header."""
        left = [row for row in rows if row[0] > self.after]
        page = left[: shorten(self.size)]
        last = page[-1][0] if page else self.after
        more = len(left) > len(page)
        return [row for _, row in page], {TOKEN: _token(last)} if more else {}


def paging_of(call: Call) -> Paging:
    """Raises PageRefused for a size or a token that cannot be."""
    size = call.count("top")
    if size is not None and not 1 <= size <= MOST:
        raise PageRefused(f"top is {size}: Azure Storage takes 1 to {MOST}.")
    return Paging(PAGE if size is None else size, _after(call.headers.get(TOKEN, "")))


def _token(after: str) -> str:
    return base64.b64encode(f"{MARK}{after}".encode()).decode()


def _after(token: str) -> str:
    if not token:
        return ""
    try:
        text = base64.b64decode(token, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        text = ""
    if not text.startswith(MARK):
        raise PageRefused(f"{TOKEN} is {token!r}, which was not given by a page before.")
    return text.removeprefix(MARK)
