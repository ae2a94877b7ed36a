"""Names and values of a query or of headers, as the Functions host hands them on."""

from collections.abc import Iterable


def joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Values of one name (in any case) with commas between, under its first spelling.

    Source: seen on the Functions host (4.1037), and .NET's NameValueCollection.
    """
    spelled: dict[str, str] = {}
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(spelled.setdefault(name.lower(), name), []).append(value)
    return {name: ",".join(each) for name, each in values.items()}
