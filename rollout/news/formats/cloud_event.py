"""A CloudEvent as JSON, in structured mode: the body has the attributes and the data.

As in CloudEvents 1.0.2 (github.com/cloudevents/spec: cloudevents/formats/json-format.md, and
cloudevents/bindings/http-protocol-binding.md, 3.2 Structured Content Mode).
"""

from typing import Any

from rollout.news.news import News

CLOUD_EVENT = "application/cloudevents+json; charset=utf-8"


def cloud_event(news: News) -> dict[str, Any]:
    """The JSON form; Event Grid takes the same."""
    return {"specversion": "1.0", "datacontenttype": "application/json", **news.to_json()}
