"""A message for Slack's incoming webhook, in Block Kit.

Texts have at most 3,000 characters (docs.slack.dev/reference/block-kit/composition-objects/
text-object), a button's URL too; &, < and > are escaped, nothing else
(docs.slack.dev/messaging/formatting-message-text). `text` is what notifications show. A button with
a URL opens it; an incoming webhook could not hear of a click anyway.
"""

from typing import Any

from rollout.news.formats.words import button, facts, title_of
from rollout.news.news import News

_LONGEST_TEXT = 3000
_LONGEST_HEADER = 150


def slack_message(news: News) -> dict[str, Any]:
    """Who wrote a sentence must not be able to call the channel with it, or to hide a link."""
    title = title_of(news)
    known = "\n".join(f"*{name}*: {_escaped(text)}" for name, text in facts(news).items())
    said = [_escaped(news.data.message), known]
    return {
        "text": _cut(_escaped(f"{title}: {news.data.message}")),
        "blocks": [
            {"type": "header", "text": _plain(title[:_LONGEST_HEADER])},
            *(_section(text) for text in said if text),
            *_buttons(news),
        ],
    }


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": _cut(text), "verbatim": True}}


def _cut(text: str) -> str:
    """At most as long as Slack takes, without a piece of an escaped character at its end."""
    if len(text) <= _LONGEST_TEXT:
        return text
    kept = text[: _LONGEST_TEXT - 2]
    before, found, after = kept.rpartition("&")
    return f"{before if found and ';' not in after else kept} …"


def _buttons(news: News) -> list[dict[str, Any]]:
    if not news.data.link:
        return []
    main = {
        "type": "button",
        "text": _plain(button(news)),
        "url": news.data.link,
        "action_id": "open",
    }
    return [{"type": "actions", "elements": [main]}]


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
