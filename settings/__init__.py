"""The app's settings, read from the environment and checked in this one package."""

from settings.app import (
    Settings,
    allowed_scopes,
    app_health,
    default_subscription,
    read_settings,
    retention_time,
)
from settings.follow import read_follow_rules

__all__ = [
    "Settings",
    "allowed_scopes",
    "app_health",
    "default_subscription",
    "read_follow_rules",
    "read_settings",
    "retention_time",
]
