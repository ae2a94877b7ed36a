"""Reads the scale sets there are, for people who have no rollout yet."""

from compute.scale_set_list import list_scale_sets, view_scale_set
from compute.settings import read_settings
from rollout.scope import Scopes

__all__ = ["allowed_scopes", "default_subscription", "list_scale_sets", "view_scale_set"]


def default_subscription() -> str | None:
    """The subscription of the settings (AZURE_SUBSCRIPTION_ID). Raises SettingError when a
    setting is wrong.
    """
    return read_settings().subscription


def allowed_scopes() -> Scopes:
    """Where the app may roll (ROLLOUT_SCOPES). Raises SettingError when a setting is wrong."""
    return read_settings().scopes
