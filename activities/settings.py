"""What the doors ask of the app's settings; each raises SettingError when any setting is wrong."""

from datetime import timedelta

from compute.settings import read_settings
from rollout.scope import Scopes


def default_subscription() -> str | None:
    """The subscription whose scale sets are shown when nobody names one."""
    return read_settings().subscription


def allowed_scopes() -> Scopes:
    """Where the app may roll."""
    return read_settings().scopes


def retention() -> timedelta:
    """How long rollouts that have ended are remembered."""
    return read_settings().retention
