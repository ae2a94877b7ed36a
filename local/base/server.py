"""Serves an ASGI app on loopback, in a thread of its own."""

import socket
import threading
from typing import Self

import uvicorn
from starlette.types import ASGIApp

LOOPBACK = "127.0.0.1"


class Server:
    """One ASGI app on 127.0.0.1. Port 0 takes a free one; `url` says which.

    `dated` answers say the time of this machine; an app with a clock of its own says it itself.
    Raises OSError when the port is taken, before anything is started.
    """

    def __init__(self, app: ASGIApp, port: int = 0, *, dated: bool = True) -> None:
        self._socket = _listen(port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{LOOPBACK}:{self.port}"
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=2,
            date_header=dated,
        )
        self._uvicorn = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name=f"server-{self.port}", daemon=True)

    def start(self) -> Self:
        """Start serving. The socket listens already, so early requests wait instead of failing."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """End the server and wait for its thread."""
        self._uvicorn.should_exit = True
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        self._socket.close()

    def _run(self) -> None:
        self._uvicorn.run(sockets=[self._socket])

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def _listen(port: int) -> socket.socket:
    # Named as TCP, or asyncio leaves Nagle's algorithm on: 40 ms for every answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
    except OSError as error:
        listener.close()
        raise OSError(
            error.errno, f"port {port} on {LOOPBACK} is taken: stop what uses it, or choose another"
        ) from error
    listener.listen(128)
    return listener
