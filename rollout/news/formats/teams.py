"""A message for Teams: an Adaptive Card, in the envelope that a Workflows webhook takes.

The envelope (`type`, `attachments`, `contentType`, `content`) is that of
learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using (Send
Adaptive Cards), which the template "Post to a channel when a webhook request is received" takes
too; cards of version 1.4 are shown everywhere. What a card's TextBlock shows is a part of Markdown
(learn.microsoft.com/adaptive-cards/authoring-cards/text-features), so its characters are escaped.
"""

import re
from typing import Any

from rollout.news.formats.words import button, facts, title_of
from rollout.news.kind import TROUBLES
from rollout.news.news import News

_MARKDOWN = re.compile(r"([\\`*_\[\]()#+\-!>~|])")


def teams_message(news: News) -> dict[str, Any]:
    """The request's body."""
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [*_texts(news), *_facts(news)],
        "actions": _actions(news),
    }
    kind = "application/vnd.microsoft.card.adaptive"
    attachment = {"contentType": kind, "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _texts(news: News) -> list[dict[str, Any]]:
    color = "Attention" if news.kind in TROUBLES else "Default"
    title = {"size": "Medium", "weight": "Bolder", "color": color}
    return [_text(title_of(news), **title), _text(news.data.message)]


def _text(text: str, **look: str) -> dict[str, Any]:
    return {"type": "TextBlock", "text": _MARKDOWN.sub(r"\\\1", text), "wrap": True, **look}


def _facts(news: News) -> list[dict[str, Any]]:
    known = [
        {"title": name, "value": _MARKDOWN.sub(r"\\\1", text)} for name, text in facts(news).items()
    ]
    return [{"type": "FactSet", "facts": known}] if known else []


def _actions(news: News) -> list[dict[str, Any]]:
    link = news.data.link
    return [{"type": "Action.OpenUrl", "title": button(news), "url": link}] if link else []
