"""What the server does with every request before a function sees it."""

import http.client
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from running_host import APPS, Running

from local.base import ManualClock
from local.host.host import Host
from local.host.http.front import decoded, without_dots


def raw(
    host: Running, target: str, method: str = "GET", headers: Mapping[str, str] | None = None
) -> tuple[int, str, http.client.HTTPMessage]:
    """A request whose target nobody normalises: status, body and headers of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", host.web.base_url.port)
    try:
        connection.request(method, target, headers=dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers
    finally:
        connection.close()


def seen(host: Running, target: str, headers: list[tuple[str, str]] | None = None) -> Any:
    """What a function sees of a request."""
    return host.web.post(f"/api/files/{target}", headers=headers or []).json()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (b"/a%20b", "/a b"),
        (b"/a%2Fb%2fc", "/a%2Fb%2fc"),
        (b"/%FF", "/%FF"),
        (b"/%C3%A9%ff", "/é%FF"),
        (b"/100%", "/100%"),
        (b"/%252F", "/%2F"),
    ],
)
def test_a_path_is_decoded_but_for_slashes_and_what_is_not_utf_8(path: bytes, text: str) -> None:
    assert decoded(path) == text


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/api/rollouts/../health", "/api/health"),
        ("/api/rollouts/.", "/api/rollouts/"),
        ("/api/./x", "/api/x"),
        ("/../../x", "/x"),
        ("/a//b", "/a//b"),
        ("/", "/"),
    ],
)
def test_dots_in_a_path_are_followed(path: str, text: str) -> None:
    assert without_dots(path) == text


def test_dots_are_followed_before_a_function_is_found(web_app: Running) -> None:
    assert raw(web_app, "/api/nothing/../things/7")[:2] == (200, '{"id": "7"}')
    assert raw(web_app, "/admin/x/%2e%2e/host/status")[0] == 200


def test_two_slashes_are_not_one(web_app: Running) -> None:
    assert raw(web_app, "/api//things/7")[:2] == (404, "")
    assert raw(web_app, "/api/things//7")[:2] == (404, "")
    assert raw(web_app, "/api/things/7/")[0] == 200


def test_an_encoded_slash_stays_encoded(web_app: Running) -> None:
    assert raw(web_app, "/api/things/a%2Fb")[1] == "named a%2Fb"
    assert raw(web_app, "/api/things/%FF")[1] == "named %FF"


def test_a_zero_in_a_path_is_400(web_app: Running) -> None:
    assert raw(web_app, "/api/things/a%00")[:2] == (400, "")


def test_what_is_too_long_is_refused(web_app: Running) -> None:
    assert raw(web_app, f"/api/greeting?name={'x' * 8_100}")[0] == 200
    assert raw(web_app, f"/api/greeting?name={'x' * 8_192}")[0] == 414
    assert raw(web_app, "/api/things/7", headers={"x": "x" * 32_000})[0] == 200
    assert raw(web_app, "/api/things/7", headers={"x": "x" * 33_000})[0] == 431


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/nothing"),
        ("POST", "/admin/host/status"),
        ("DELETE", "/admin/functions"),
        ("TRACE", "/api/things/7"),
        ("PUT", "/runtime/webhooks/durabletask/instances"),
    ],
)
def test_an_unknown_path_or_method_is_an_empty_404(
    web_app: Running, method: str, target: str
) -> None:
    status, body, headers = raw(web_app, target, method)
    assert (status, body, "allow" in headers) == (404, "", False)


def test_answers_come_in_chunks(web_app: Running) -> None:
    headers = raw(web_app, "/api/things/7")[2]
    assert (headers["transfer-encoding"], headers["content-length"]) == ("chunked", None)
    assert raw(web_app, "/api/nothing")[2]["content-length"] == "0"


def test_query_names_without_a_value_are_dropped_and_repeated_ones_joined(
    web_app: Running,
) -> None:
    assert seen(web_app, "a?phase=&top")["query"] == {}
    assert seen(web_app, "a?phase=A&phase=B&Phase=C")["query"] == {"phase": "A,B,C"}


def test_repeated_headers_are_joined_and_names_are_in_lower_case(web_app: Running) -> None:
    headers = seen(web_app, "a", [("X-Twice", "1"), ("x-twice", "2")])["headers"]
    assert headers["x-twice"] == "1,2"


def test_a_body_in_chunks_is_read(web_app: Running) -> None:
    """On purpose: only a host that one runs oneself hands on an empty one."""

    def parts() -> Any:
        yield b"hel"
        yield b"lo"

    assert web_app.web.post("/api/files/a", content=parts()).json()["body"] == "hello"


def test_at_the_root_stands_the_platforms_page(
    web_app: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, body, headers = raw(web_app, "/")
    assert (status, headers.get_content_type()) == (200, "text/html")
    assert "up and running" in body
    monkeypatch.setenv("AzureWebJobsDisableHomepage", "true")
    assert raw(web_app, "/")[:2] == (404, "")


def test_the_root_leads_to_a_page_of_the_app_that_is_there(tmp_path: Path) -> None:
    for home, status in (("/api/things/7", 302), ("/api/nothing", 200)):
        with Host(APPS / "web", tmp_path, ManualClock(), home=home) as host:
            answer = httpx.get(f"{host.url}/", trust_env=False)
            assert answer.status_code == status
            assert answer.headers.get("location") == (home if status == 302 else None)
            assert httpx.get(f"{host.url}/none", trust_env=False).status_code == 404


def test_the_apps_page_is_there_whatever_the_platforms_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AzureWebJobsDisableHomepage", "true")
    with Host(APPS / "web", tmp_path, ManualClock(), home="/api/things/7") as host:
        answer = httpx.get(f"{host.url}/", trust_env=False, follow_redirects=True)
    assert answer.json() == {"id": "7"}


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "https://evil.example"}, id="a page of another site"),
        pytest.param({"Origin": "null"}, id="a page without a site"),
        pytest.param({"Origin": "http://[::1"}, id="no address"),
        pytest.param({"Host": "evil.example:7071"}, id="a name that leads here"),
        pytest.param({"Host": "127.0.0.1.evil.example"}, id="a name that begins alike"),
    ],
)
def test_what_a_page_from_elsewhere_sends_is_refused(
    web_app: Running, headers: dict[str, str]
) -> None:
    status, text, _ = raw(web_app, "/api/greeting", "POST", headers)
    assert status == 403
    assert "not from a page of another site" in text


@pytest.mark.parametrize("home", ["127.0.0.1:7071", "localhost:7071", "LOCALHOST", "[::1]:7071"])
def test_a_page_of_its_own_is_served(web_app: Running, home: str) -> None:
    headers = {"Host": home, "Origin": f"http://{home}"}
    assert raw(web_app, "/api/greeting", "GET", headers)[0] == 200
