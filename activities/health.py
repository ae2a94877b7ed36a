"""Says whether the app is set up to work."""

from compute.settings import read_settings
from rollout.app_health import AppHealth
from rollout.problem import SettingError


def app_health() -> AppHealth:
    """Reads the settings and nothing else: whoever asks every minute costs Azure no call. Whether
    the identity has its rights, the first plan says.
    """
    try:
        read_settings()
    except SettingError as error:
        return AppHealth.of(error.errors)
    return AppHealth.of([])
