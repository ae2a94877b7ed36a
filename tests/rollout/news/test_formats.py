"""What a webhook, Slack and Teams get, by their own rules."""

import hmac
import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout.base import Phase
from rollout.news import (
    News,
    NewsData,
    NewsKind,
    cloud_event,
    signed,
    slack_message,
    teams_message,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def news(message: str = "It waits", **data: Any) -> News:
    told = NewsData(
        kind=data.pop("kind", NewsKind.NEEDS_YOU),
        id="web-1",
        message=message,
        link="https://app.example/api/dashboard#/rollouts/web-1",
        **data,
    )
    return News(
        id="web-1/1", source="/vmss-rollout", type="vmssrollout.rollout.needsYou", subject="web-1",
        time=NOW, data=told,
    )  # fmt: skip


def test_a_cloud_event_has_what_the_specification_wants() -> None:
    event = cloud_event(news(phase=Phase.AWAITING_APPROVAL))
    assert {name: event[name] for name in ("specversion", "id", "source", "type")} == {
        "specversion": "1.0",
        "id": "web-1/1",
        "source": "/vmss-rollout",
        "type": "vmssrollout.rollout.needsYou",
    }
    assert (event["subject"], event["time"]) == ("web-1", "2026-03-01T12:00:00Z")
    assert event["data"]["message"] == "It waits"
    assert event["data"]["phase"] == "AwaitingApproval"


def test_a_signature_is_that_of_standard_webhooks() -> None:
    """The example of the standard's own libraries (github.com/standard-webhooks)."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - published with the standard
    sent = datetime.fromtimestamp(1614265330, UTC)
    headers = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', secret, sent)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-timestamp"] == "1614265330"


def test_a_secret_without_the_prefix_is_the_key_itself() -> None:
    headers = signed("1", b"{}", "a plain word", NOW)
    content = f"1.{headers['webhook-timestamp']}.{{}}".encode()
    digest = hmac.new(b"a plain word", content, sha256).digest()
    assert headers["webhook-signature"] == f"v1,{b64encode(digest).decode()}"
    assert len(b64decode(headers["webhook-signature"].removeprefix("v1,"))) == 32


def test_a_key_of_nothing_signs_nothing() -> None:
    with pytest.raises(ValueError, match="there is nothing"):
        signed("id", b"", "whsec_", NOW)


def test_a_secret_that_is_no_base64_is_said_to_be() -> None:
    with pytest.raises(ValueError, match="base64"):
        signed("1", b"{}", "whsec_*", NOW)


def test_a_slack_message_calls_nobody_and_hides_no_link() -> None:
    message = slack_message(news("<!channel> & <https://bad.example|good>"))
    said = json.dumps(message)
    assert "<!channel>" not in said
    assert "<https" not in said
    section = message["blocks"][1]["text"]
    assert section["text"] == "&lt;!channel&gt; &amp; &lt;https://bad.example|good&gt;"
    assert section["verbatim"] is True


def test_a_slack_message_leads_to_the_page() -> None:
    [button] = slack_message(news())["blocks"][-1]["elements"]
    assert button["url"] == "https://app.example/api/dashboard#/rollouts/web-1"
    assert button["text"] == {"type": "plain_text", "text": "Decide on the page"}


@given(st.text(alphabet="a&<>;", max_size=4000))
def test_a_slack_text_is_never_too_long_nor_cut_within_a_character(text: str) -> None:
    message = slack_message(news(text or "x"))
    texts = [message["text"], *(b["text"]["text"] for b in message["blocks"] if "text" in b)]
    for shown in texts:
        assert 1 <= len(shown) <= 3000
        assert "&" not in shown.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")


def test_a_teams_message_is_a_card_in_its_envelope() -> None:
    message = teams_message(news(who="anybody", until=NOW, scale_set="/subscriptions/x/web"))
    assert message["type"] == "message"
    [attachment] = message["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert [fact["title"] for fact in card["body"][2]["facts"]] == ["Scale set", "Who", "Until"]
    [action] = card["actions"]
    assert (action["type"], action["title"]) == ("Action.OpenUrl", "Decide on the page")


def test_a_teams_text_is_no_markdown() -> None:
    card = teams_message(news("[good](https://bad.example) *now*"))["attachments"][0]["content"]
    assert card["body"][1]["text"] == r"\[good\]\(https://bad.example\) \*now\*"


def test_without_a_page_there_is_no_button() -> None:
    bare = news()
    bare = bare.model_copy(update={"data": bare.data.model_copy(update={"link": None})})
    assert teams_message(bare)["attachments"][0]["content"]["actions"] == []
    assert all(block["type"] != "actions" for block in slack_message(bare)["blocks"])


def test_an_end_says_how_it_ended() -> None:
    end = news(kind=NewsKind.FINISHED, phase=Phase.ROLLED_BACK)
    assert slack_message(end)["blocks"][0]["text"]["text"] == "Ended: RolledBack · web-1"
