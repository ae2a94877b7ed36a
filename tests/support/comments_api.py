"""The parts of GitHub's and Azure DevOps' REST APIs that comment pull requests, on loopback."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from local.base import Server

type Json = dict[str, Any]

_GITHUB = "/repos/contoso/web/issues"
_AZURE = "/project-1/_apis/git/repositories/repo-1/pullRequests/7/threads"


@dataclass
class Comments:
    """Comments of pull request 7. `refused`: the token may not write."""

    url: str = ""
    refused: bool = False
    comments: list[Json] = field(default_factory=list[Json])
    """As GitHub has them; a thread of Azure's is one with its first comment."""
    requests: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def say(self, body: str, *, by: str = "Bot") -> Json:
        """Somebody comments."""
        said = {"id": next(self._numbers), "body": body, "user": {"type": by}}
        self.comments.append(said)
        return said

    @property
    def bodies(self) -> list[str]:
        return [comment["body"] for comment in self.comments]

    async def github(self, request: Request) -> JSONResponse:
        self.requests.append((request.method, request.url.path))
        assert request.headers["Authorization"] == "Bearer gh-token"
        match request.method:
            case "GET":
                size, page = (int(request.query_params[name]) for name in ("per_page", "page"))
                return JSONResponse(self.comments[size * (page - 1) : size * page])
            case _ if self.refused:
                return JSONResponse({"message": "Resource not accessible"}, 403)
            case "POST":
                return JSONResponse(self.say((await request.json())["body"]), 201)
            case _:
                found = self._numbered(request.path_params["id"])
                found["body"] = (await request.json())["body"]
                return JSONResponse(found)

    async def azure(self, request: Request) -> JSONResponse:
        self.requests.append((request.method, request.url.path))
        assert request.headers["Authorization"] == "Bearer azure-token"
        assert request.query_params["api-version"] == "7.1"
        match request.method:
            case "GET":
                return JSONResponse({"value": [_thread(each) for each in self.comments]})
            case _ if self.refused:
                return JSONResponse({"message": "TF401027: You need PullRequestContribute"}, 403)
            case "POST":
                body = await request.json()
                assert body["status"] == 4
                return JSONResponse(_thread(self.say(body["comments"][0]["content"])))
            case _:
                found = self._numbered(request.path_params["id"])
                if found["user"]["type"] != "Bot":
                    return JSONResponse({"message": "not yours"}, 403)
                found["body"] = (await request.json())["content"]
                return JSONResponse({"id": 1, "content": found["body"]})

    def _numbered(self, number: int) -> Json:
        return next(comment for comment in self.comments if comment["id"] == number)


def _thread(comment: Json) -> Json:
    return {"id": comment["id"], "comments": [{"id": 1, "content": comment["body"]}]}


@contextmanager
def commenting() -> Generator[Comments]:
    """Serves both APIs."""
    api = Comments()
    methods = ["GET", "POST"]
    routes = [
        Route(f"{_GITHUB}/7/comments", api.github, methods=methods),
        Route(f"{_GITHUB}/comments/{{id:int}}", api.github, methods=["PATCH"]),
        Route(_AZURE, api.azure, methods=methods),
        Route(f"{_AZURE}/{{id:int}}/comments/1", api.azure, methods=["PATCH"]),
    ]
    with Server(Starlette(routes=routes), 0) as server:
        api.url = server.url
        yield api
