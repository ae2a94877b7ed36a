"""Who may call what is served on this machine."""

from collections.abc import Iterable
from urllib.parse import urlsplit

_HOME = {"127.0.0.1", "localhost", "::1"}


def at_home(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a request was meant for this machine, and no page from elsewhere sends it: a browser
    posts plain text anywhere without asking, and names the page (Origin); and a name of somebody
    else's may lead to 127.0.0.1 (Host). Azure has no such rule: it is not on a desk.
    """
    named = {name.lower(): value.decode("latin-1") for name, value in headers}
    host, origin = named.get(b"host"), named.get(b"origin")
    return (host is None or _hostname(f"//{host}") in _HOME) and (
        origin is None or _hostname(origin) in _HOME
    )


def _hostname(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
