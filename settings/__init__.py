"""The app's settings, read from the environment and checked in this one package."""

from settings.access import read_access_rules
from settings.address import ADDRESS_SETTING, read_address, why_no_address
from settings.app import (
    Settings,
    allowed_scopes,
    app_health,
    default_subscription,
    read_settings,
    retention_time,
)
from settings.follow import read_follow_rules
from settings.news import NEWS_SETTING, checked_news_rules, read_news_rules, read_teller
from settings.outbound import OUTBOUND_SETTING, Outbound, read_outbound
from settings.secrets import BoundSecret, read_secret, revealed, why_lacking
from settings.windows import read_calendar

__all__ = [
    "ADDRESS_SETTING",
    "NEWS_SETTING",
    "OUTBOUND_SETTING",
    "BoundSecret",
    "Outbound",
    "Settings",
    "allowed_scopes",
    "app_health",
    "checked_news_rules",
    "default_subscription",
    "read_access_rules",
    "read_address",
    "read_calendar",
    "read_follow_rules",
    "read_news_rules",
    "read_outbound",
    "read_secret",
    "read_settings",
    "read_teller",
    "retention_time",
    "revealed",
    "why_lacking",
    "why_no_address",
]
