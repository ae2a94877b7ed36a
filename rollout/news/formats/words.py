"""What a channel reads: a title_of, the sentence, and the facts below it."""

from rollout.news.kind import NewsKind
from rollout.news.news import News

_HEADINGS = {
    NewsKind.STARTED: "Started",
    NewsKind.NEEDS_YOU: "Needs you",
    NewsKind.GATE_FAILED: "A check failed",
    NewsKind.BATCH_DONE: "A batch is done",
    NewsKind.PAUSED: "Paused",
    NewsKind.ROLLED_BACK: "Goes back",
    NewsKind.FINISHED: "Ended",
    NewsKind.REPAIRS_SUSPENDED: "Automatic repairs are still suspended",
    NewsKind.IMAGE_WAITS: "An image waits",
    NewsKind.GLASS_BROKEN: "A window or freeze was overruled",
    NewsKind.STOP_THE_LINE: "The line",
    NewsKind.TEST: "A test",
}


def title_of(news: News) -> str:
    """In a line: what happened, and to whom."""
    said = _HEADINGS[news.kind]
    if news.kind is NewsKind.FINISHED and news.data.phase:
        said = f"{said}: {news.data.phase}"
    return f"{said} · {news.data.id}"


def facts(news: News) -> dict[str, str]:
    """What else is known, in the order in which it is shown."""
    data = news.data
    found = {
        "Scale set": data.scale_set.rpartition("/")[2] if data.scale_set else None,
        "Reason": data.reason,
        "Who": data.who,
        "Until": f"{data.until:%Y-%m-%d %H:%M} UTC" if data.until else None,
    }
    return {name: text for name, text in found.items() if text}


def button(news: News) -> str:
    """What the button is called that leads to the page."""
    return "Decide on the page" if news.kind is NewsKind.NEEDS_YOU else "Open on the page"
