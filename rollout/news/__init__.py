"""News: what is told to people and programs that do not look, and to whom.

An event log is written whatever happens, and loses nothing: so it is also the outbox. A courier
per rollout and receiver reads it, and remembers how far.
"""

from rollout.news.courier import (
    GIVEN_UP_AFTER,
    LAST_LOOKS,
    Courier,
    Delivery,
    FoundNews,
    GivenUp,
    courier_id,
)
from rollout.news.formats import CLOUD_EVENT, cloud_event, signed, slack_message, teams_message
from rollout.news.kind import NewsKind, news_kind
from rollout.news.news import News, NewsData, Teller, news_of, news_of_test
from rollout.news.reading import MOST_FOUND, find_in
from rollout.news.receivers import (
    NO_NEWS,
    NewsRules,
    Only,
    Receiver,
    ReceiverKind,
)
from rollout.news.shown import NewsReport, ShownReceiver, TestedReceiver
from rollout.news.subject import Subject, SubjectKind
from rollout.news.tasks import (
    DELIVER_NEWS,
    FIND_NEWS,
    GIVEN_UP_INDEX_KEY,
    NEWS_INDEX_KEY,
    SEND_NEWS,
    CourierLine,
    FindNews,
    SendNews,
    needs_courier,
)

__all__ = [
    "CLOUD_EVENT",
    "DELIVER_NEWS",
    "FIND_NEWS",
    "GIVEN_UP_AFTER",
    "GIVEN_UP_INDEX_KEY",
    "LAST_LOOKS",
    "MOST_FOUND",
    "NEWS_INDEX_KEY",
    "NO_NEWS",
    "SEND_NEWS",
    "Courier",
    "CourierLine",
    "Delivery",
    "FindNews",
    "FoundNews",
    "GivenUp",
    "News",
    "NewsData",
    "NewsKind",
    "NewsReport",
    "NewsRules",
    "Only",
    "Receiver",
    "ReceiverKind",
    "SendNews",
    "ShownReceiver",
    "Subject",
    "SubjectKind",
    "Teller",
    "TestedReceiver",
    "cloud_event",
    "courier_id",
    "find_in",
    "needs_courier",
    "news_kind",
    "news_of",
    "news_of_test",
    "signed",
    "slack_message",
    "teams_message",
]
