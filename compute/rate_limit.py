"""Reads what Azure says is left of its budgets."""

from collections.abc import Iterator, Mapping

_LEFT = "x-ms-ratelimit-remaining-resource"
_LISTS = "HighCostGetVMScaleSetResource"
_LISTS_OF_ALL = "HighCostGetVMScaleSetSubscriptionMaximum"
_MOST, _MOST_OF_ALL = 30, 1080


def lists_left(headers: Mapping[str, str]) -> int | None:
    """How many more pages of a scale set's instances may be listed now; None if Azure does not say.
    The subscription's own budget counts as the same share of that: so everybody slows down before
    it is used up, whoever uses it. (Recorded: "Microsoft.Compute/HighCostGetVMScaleSetResource;29",
    and 1079 of the subscription's.)
    """
    left = dict(_left(headers.get(_LEFT, "")))
    of_all = left.get(_LISTS_OF_ALL)
    shares = [left.get(_LISTS), None if of_all is None else of_all * _MOST // _MOST_OF_ALL]
    return min((each for each in shares if each is not None), default=None)


def _left(header: str) -> Iterator[tuple[str, int]]:
    for part in header.split(","):
        name, _, count = part.strip().rpartition(";")
        if count.strip().isdecimal():
            yield name.rpartition("/")[-1], int(count)
