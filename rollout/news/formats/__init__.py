"""News in the form in which each kind of receiver takes them."""

from rollout.news.formats.cloud_event import CLOUD_EVENT, cloud_event
from rollout.news.formats.signature import signed
from rollout.news.formats.slack import slack_message
from rollout.news.formats.teams import teams_message

__all__ = ["CLOUD_EVENT", "cloud_event", "signed", "slack_message", "teams_message"]
