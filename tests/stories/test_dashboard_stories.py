"""The page, as a browser gets it: without a key, without data, and free to call only the app."""

import base64
import gzip
import hashlib
import re

import httpx
import pytest
from story import System


def page(system: System, **headers: str) -> httpx.Response:
    return system.api.get("/api/dashboard", headers=headers)


def test_the_page_is_html_that_may_load_and_call_only_the_app(system: System) -> None:
    answer = page(system)
    script = re.findall(r'<script type="importmap">(.*?)</script>', answer.text, re.DOTALL)[0]
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    rules = answer.headers["content-security-policy"].split("; ")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert f"script-src 'self' 'sha256-{allowed}'" in rules
    assert {"default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'"} < set(rules)


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("main.js", "text/javascript"),
        ("vendor/preact.js", "text/javascript"),
        ("style/base.css", "text/css"),
        ("icon.svg", "image/svg+xml"),
    ],
)
def test_its_files_have_their_types(system: System, file: str, kind: str) -> None:
    answer = system.api.get(f"/api/dashboard/{file}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == kind
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_browser_that_has_a_file_is_sent_nothing(system: System) -> None:
    first = system.api.get("/api/dashboard/main.js")
    again = system.api.get(
        "/api/dashboard/main.js", headers={"If-None-Match": first.headers["etag"]}
    )
    assert first.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")


def test_it_is_packed_for_those_who_take_it(system: System) -> None:
    with system.api.stream("GET", "/api/dashboard", headers={"Accept-Encoding": "gzip"}) as packed:
        raw = b"".join(packed.iter_raw())
    plain = page(system, **{"Accept-Encoding": "identity"})
    assert gzip.decompress(raw) == plain.content
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize(
    "path",
    [
        "nothing.js",
        "../host.json",
        "vendor/LICENCES",
        "check/package.json",
        "index.html",
        "%2e%2e/host.json",
    ],
)
def test_nothing_else_of_the_folder_or_beside_it_is_served(system: System, path: str) -> None:
    answer = system.api.get(f"/api/dashboard/{path}")
    assert answer.status_code == 404
    assert "hubName" not in answer.text


def test_it_is_shown_to_who_may_do_nothing_yet(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A browser is asked for a key, or to sign in, by the page or before it."""
    monkeypatch.setenv("WEBSITE_AUTH_ENABLED", "True")
    monkeypatch.setenv("ROLLOUT_REQUIRE_SIGN_IN", "true")
    assert system.api.get("/api/rollouts").status_code == 401
    assert page(system).status_code == 200


def test_it_takes_nothing_but_get(system: System) -> None:
    answer = system.api.post("/api/dashboard/main.js")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"
