"""Azure Pipelines: logging commands, and threads of pull requests by its REST API."""

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pipelines.log import quiet
from pipelines.rest import Rest
from pipelines.service import CommentError

_HINT = (
    "The step needs System.AccessToken, and the project's build service the permission "
    "'Contribute to pull requests' on the repository."
)
_VERSION = "api-version=7.1"
_CLOSED = 4
"""A thread that wants no answer: an active one would block a policy that asks for answers."""


class AzurePipelines:
    """A step of a run of a pipeline."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    @property
    def who(self) -> str:
        return self._variable("BUILD_REQUESTEDFOREMAIL") or self._variable("BUILD_REQUESTEDFOR")

    @property
    def run(self) -> str:
        return (
            f"{self._variable('BUILD_BUILDID') or '0'}-{self._variable('SYSTEM_JOBATTEMPT') or 1}"
        )

    @property
    def link(self) -> str:
        collection, project, number = map(
            self._variable, ("SYSTEM_COLLECTIONURI", "SYSTEM_TEAMPROJECT", "BUILD_BUILDID")
        )
        page = f"{collection}{quote(project)}/_build/results?buildId={number}"
        return page if number else ""

    def line(self, text: str) -> None:
        self._write(quiet(text))

    def error(self, sentence: str) -> None:
        self._write(f"##vso[task.logissue type=error]{_data(sentence)}")

    def warning(self, sentence: str) -> None:
        self._write(f"##vso[task.logissue type=warning]{_data(sentence)}")

    def output(self, name: str, value: str) -> None:
        """Under a name that a variable can have: exit-code is exitCode."""
        first, *rest = name.split("-")
        named = first + "".join(part.capitalize() for part in rest)
        said = _data(" ".join(value.split()))
        self._write(f"##vso[task.setvariable variable={named};isOutput=true]{said}")

    def summary(self, markdown: str) -> None:
        """In a file that stays until the agent has taken it."""
        folder = tempfile.mkdtemp(dir=self._variable("AGENT_TEMPDIRECTORY") or None)
        file = Path(folder) / "vmss-rollout.md"
        file.write_text(markdown, encoding="utf-8")
        self._write(f"##vso[task.uploadsummary]{file}")

    def comment(self, markdown: str, mark: str) -> bool:
        number = self._variable("SYSTEM_PULLREQUEST_PULLREQUESTID")
        if not number:
            return False
        if self._variable("BUILD_REPOSITORY_PROVIDER") != "TfsGit":
            raise CommentError("it is not in Azure Repos. The plan is on the page of this run.")
        token = self._variable("SYSTEM_ACCESSTOKEN")
        if not token:
            raise CommentError(_HINT)
        self._say(Rest(token, _HINT), self._threads(number), f"{mark}\n{markdown}", mark)
        return True

    def _say(self, rest: Rest, threads: str, content: str, mark: str) -> None:
        found: list[dict[str, Any]] = rest.call("GET", f"{threads}?{_VERSION}")["value"]
        ours = filter(None, (_ours(thread, mark) for thread in found))
        comment = {"parentCommentId": 0, "content": content, "commentType": 1}
        rest.replace(
            [f"{threads}/{path}?{_VERSION}" for path in ours],
            f"{threads}?{_VERSION}",
            changed={"content": content},
            new={"comments": [comment], "status": _CLOSED},
        )

    def _threads(self, number: str) -> str:
        collection, project, repository = map(
            self._variable, ("SYSTEM_COLLECTIONURI", "SYSTEM_TEAMPROJECTID", "BUILD_REPOSITORY_ID")
        )
        requests = f"_apis/git/repositories/{quote(repository)}/pullRequests/{quote(number)}"
        return f"{collection}{quote(project)}/{requests}/threads"

    def _variable(self, name: str) -> str:
        """A variable; one that is not set may be there as its own name, such as $(A.B)."""
        value = self._environ.get(name, "")
        return "" if value.startswith("$(") else value

    def _write(self, line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def _data(sentence: str) -> str:
    """A message of a logging command: one line."""
    return quiet(sentence).replace("%", "%AZP25").replace("\r", "%0D").replace("\n", "%0A")


def _ours(thread: dict[str, Any], mark: str) -> str:
    """The path of the thread's comment that has the mark; "" if there is none."""
    comments: list[dict[str, Any]] = thread.get("comments") or []
    found = [
        comment
        for comment in comments
        if str(comment.get("content", "")).startswith(mark) and not comment.get("isDeleted")
    ]
    return f"{thread['id']}/comments/{found[0]['id']}" if found else ""
