"""GitHub Actions: workflow commands, files, and comments by its REST API."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipelines.log import quiet
from pipelines.rest import Rest
from pipelines.service import CommentError

_HINT = "The job needs `permissions: pull-requests: write`; runs for forks never have it."
_PAGE = 100


class GithubActions:
    """A step of a workflow run."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    @property
    def who(self) -> str:
        return self._environ.get("GITHUB_ACTOR", "")

    @property
    def run(self) -> str:
        attempt = self._environ.get("GITHUB_RUN_ATTEMPT", "1")
        return f"{self._environ.get('GITHUB_RUN_ID', '0')}-{attempt}"

    @property
    def link(self) -> str:
        server, repository, number = (
            self._environ.get(f"GITHUB_{name}", "")
            for name in ("SERVER_URL", "REPOSITORY", "RUN_ID")
        )
        return f"{server}/{repository}/actions/runs/{number}" if number else ""

    def line(self, text: str) -> None:
        self._write(quiet(text))

    def error(self, sentence: str) -> None:
        self._write(f"::error title=VMSS Rollout::{_data(sentence)}")

    def warning(self, sentence: str) -> None:
        self._write(f"::warning title=VMSS Rollout::{_data(sentence)}")

    def output(self, name: str, value: str) -> None:
        self._append("GITHUB_OUTPUT", f"{name}={' '.join(value.split())}\n")

    def summary(self, markdown: str) -> None:
        self._append("GITHUB_STEP_SUMMARY", f"{markdown}\n")

    def comment(self, markdown: str, mark: str) -> bool:
        number = self._pull_request()
        if not number:
            return False
        token = self._environ.get("GITHUB_TOKEN", "")
        if not token:
            raise CommentError("There is no token.")
        rest = Rest(token, _HINT, Accept="application/vnd.github+json")
        api, repository = (self._environ.get(f"GITHUB_{n}", "") for n in ("API_URL", "REPOSITORY"))
        comments = f"{api}/repos/{repository}/issues/{number}/comments"
        body = {"body": f"{mark}\n{markdown}"}
        ours = [comment for comment in _all(rest, comments) if _is_ours(comment, mark)]
        paths = [f"{api}/repos/{repository}/issues/comments/{comment['id']}" for comment in ours]
        rest.replace(paths, comments, changed=body, new=body)
        return True

    def _pull_request(self) -> int:
        file = Path(self._environ.get("GITHUB_EVENT_PATH", ""))
        event: Any = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        return int(event["pull_request"]["number"]) if "pull_request" in event else 0

    def _append(self, name: str, text: str) -> None:
        if file := self._environ.get(name):
            with Path(file).open("a", encoding="utf-8") as opened:
                opened.write(text)

    def _write(self, line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def _data(sentence: str) -> str:
    """A message of a workflow command: one line."""
    return sentence.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _all(rest: Rest, comments: str) -> Iterator[dict[str, Any]]:
    number = 1
    while True:
        page: list[dict[str, Any]] = rest.call("GET", f"{comments}?per_page={_PAGE}&page={number}")
        yield from page
        if len(page) < _PAGE:
            return
        number += 1


def _is_ours(comment: dict[str, Any], mark: str) -> bool:
    """Written by a program: what a person has written with our mark in it is theirs."""
    by_program = comment.get("user", {}).get("type") == "Bot"
    return by_program and str(comment.get("body", "")).startswith(mark)
