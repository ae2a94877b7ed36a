"""Comments on pull requests, as each service is asked for them."""

import json
from pathlib import Path

import pytest
from comments_api import Comments

from pipelines.azure_pipelines import AzurePipelines
from pipelines.github_actions import GithubActions
from pipelines.rest import Rest
from pipelines.service import CommentError

MARK = "<!-- ours -->"


def github(comments: Comments, folder: Path, token: str = "gh-token") -> GithubActions:  # noqa: S107
    event = folder / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 7}}))
    return GithubActions(
        {
            "GITHUB_API_URL": comments.url,
            "GITHUB_REPOSITORY": "contoso/web",
            "GITHUB_TOKEN": token,
            "GITHUB_EVENT_PATH": str(event),
        }
    )


def azure(comments: Comments, **changes: str) -> AzurePipelines:
    return AzurePipelines(
        {
            "SYSTEM_COLLECTIONURI": f"{comments.url}/",
            "SYSTEM_TEAMPROJECTID": "project-1",
            "BUILD_REPOSITORY_ID": "repo-1",
            "BUILD_REPOSITORY_PROVIDER": "TfsGit",
            "SYSTEM_PULLREQUEST_PULLREQUESTID": "7",
            "SYSTEM_ACCESSTOKEN": "azure-token",
            **changes,
        }
    )


def test_the_earlier_comment_is_found_on_any_page(comments: Comments, tmp_path: Path) -> None:
    for number in range(250):
        comments.say(f"comment {number}")
    for text in ("first", "second"):
        assert github(comments, tmp_path).comment(text, MARK)
    assert comments.bodies[250:] == [f"{MARK}\nsecond"]


def test_without_a_token_nothing_is_asked(comments: Comments, tmp_path: Path) -> None:
    with pytest.raises(CommentError, match="token"):
        github(comments, tmp_path, token="").comment("plan", MARK)
    with pytest.raises(CommentError, match="AccessToken"):
        azure(comments, SYSTEM_ACCESSTOKEN="$(System.AccessToken)").comment("plan", MARK)
    assert comments.requests == []


def test_azure_pipelines_of_a_repository_elsewhere_say_so(comments: Comments) -> None:
    with pytest.raises(CommentError, match="not in Azure Repos"):
        azure(comments, BUILD_REPOSITORY_PROVIDER="GitHub").comment("plan", MARK)


@pytest.mark.parametrize("url", ["http://api.github.com/x", "file:///etc/passwd", "ftp://a/b"])
def test_a_token_is_sent_over_an_encrypted_connection_only(url: str) -> None:
    with pytest.raises(CommentError, match="not encrypted"):
        Rest("token", "").call("GET", url)


def test_a_service_that_does_not_answer_is_said() -> None:
    with pytest.raises(CommentError, match=r"127\.0\.0\.1 does not answer"):
        Rest("token", "").call("GET", "http://127.0.0.1:9/x")
