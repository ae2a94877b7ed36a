"""A server that gives the answers it was given, in their order, and keeps what it was asked."""

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, override


@dataclass(frozen=True)
class Answer:
    """A status and a body; without a status, the connection is dropped."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict[str, str])


LOST = Answer(status=0)
POLLING_SECONDS = 0.01
"""How soon a server sees that it is to end: by itself, it looks every half second."""


@dataclass
class Server:
    """Where it is, and what it was asked: method, path, headers by their names in small letters."""

    url: str
    asked: list[tuple[str, str, dict[str, str]]]


@contextmanager
def answering(*answers: Answer) -> Generator[Server]:
    """Gives the answers one after another; the last one again and again."""
    left, asked = list(answers), list[tuple[str, str, dict[str, str]]]()

    class Handler(BaseHTTPRequestHandler):
        @override
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            asked.append(
                (
                    self.command,
                    self.path,
                    {name.lower(): value for name, value in self.headers.items()},
                )
            )
            answer = left.pop(0) if len(left) > 1 else left[0]
            if not answer.status:
                self.close_connection = True
                return
            body = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.do_GET()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(POLLING_SECONDS,), daemon=True)
    thread.start()
    try:
        yield Server(f"http://127.0.0.1:{server.server_port}", asked)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
