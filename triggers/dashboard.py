"""GET /api/dashboard: the page, and the files that it loads. They hold no data and no rules."""

import base64
import gzip
import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import cast

import azure.functions as func

from rollout.base import Problem, Refused, sentence
from triggers.web import Call, Route

type Handle = Callable[[Call], Awaitable[func.HttpResponse]]

_FOLDER = Path(__file__).resolve().parent.parent / "dashboard"
_PAGE = "index.html"
_TYPES: Mapping[str, str] = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
"""What the page is made of. What has another ending (licences, checksums) is not served."""


_COMMENTS = re.compile(
    rb"^[ \t]*(?:/\*\*(?:[^*]|\*(?!/))*\*/|//.*)[ \t]*$|/\*\* @(?:type|param)[^\n]*?\*/ ?",
    re.MULTILINE,
)
"""In a module of ours: whole lines of it, and types, which only the check of types reads."""


@dataclass(frozen=True)
class PageFile:
    """A file as it is sent, without comments: its media type, and its bytes, plain and by gzip."""

    type: str
    plain: bytes
    zipped: bytes


def dashboard_routes() -> list[Route]:
    """Without a key and without a sign-in: a browser cannot send the one before it has the page.
    Every call of the API that the page makes carries them.
    """
    return [
        _open_to_all("dashboard", _page),
        _open_to_all("dashboard_file", _file),
    ]


@cache
def page_files() -> Mapping[str, PageFile]:
    """Every file of the page by its path, such as `vendor/preact.js`. Read once: they are part of
    what is deployed.
    """
    found = sorted(path for path in _FOLDER.rglob("*") if path.suffix in _TYPES)
    return {path.relative_to(_FOLDER).as_posix(): _read(path) for path in found}


def _read(path: Path) -> PageFile:
    plain = path.read_bytes()
    if path.suffix == ".js" and "vendor" not in path.parts:
        plain = _COMMENTS.sub(_blank, plain)
    return PageFile(_TYPES[path.suffix], plain, gzip.compress(plain, mtime=0))


def _blank(comment: re.Match[bytes]) -> bytes:
    """As many lines: an error in the browser names a line of the source."""
    return b"\n" * comment[0].count(b"\n")


def _open_to_all(name: str, handle: Handle) -> Route:
    return Route(name, handle, any_query=True, needs=frozenset())


async def _page(call: Call) -> func.HttpResponse:
    page = page_files()[_PAGE]
    return _sent(call.req, page, {"Content-Security-Policy": content_security_policy(page.plain)})


async def _file(call: Call) -> func.HttpResponse:
    name = call.req.route_params.get("file", "").strip("/")
    found = page_files().get(name)
    if found is None or name == _PAGE:
        raise _no_such_file(name)
    return _sent(call.req, found, {})


def _sent(req: func.HttpRequest, file: PageFile, headers: Mapping[str, str]) -> func.HttpResponse:
    """The file. A browser keeps it, but asks each time whether it is still the app's own: after a
    deployment everything is of one version.
    """
    zipped = "gzip" in cast("Mapping[str, str]", req.headers).get("Accept-Encoding", "")
    packed = {"Content-Encoding": "gzip"} if zipped else {}
    kept = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    return func.HttpResponse(
        file.zipped if zipped else file.plain,
        headers={**headers, **kept, **packed},
        mimetype=file.type,
        charset="utf-8",
    )


@cache
def content_security_policy(page: bytes) -> str:
    """What the page may load and call: this app, and nothing else. Its only inline script is the
    import map, which browsers take from nowhere but the page; it is allowed by its hash.
    """
    scripts = re.findall(rb'<script type="importmap">(.*?)</script>', page, re.DOTALL)
    allowed = " ".join(f"'sha256-{_hash(script)}'" for script in scripts)
    return (
        f"default-src 'none'; script-src 'self' {allowed}; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _hash(script: bytes) -> str:
    return base64.b64encode(hashlib.sha256(script).digest()).decode()


def _no_such_file(name: str) -> Refused:
    return Refused(
        Problem(
            status=HTTPStatus.NOT_FOUND,
            title="No such file",
            detail=f"The page has no file {sentence(name)!r}. Open GET /api/dashboard, and reload "
            "it if it was open while the app was updated.",
        )
    )
