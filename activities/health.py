"""Says whether the app is set up to work."""

from compute.settings import follow_rules, read_settings
from rollout.app_health import AppHealth
from rollout.problem import FieldError, SettingError


def app_health() -> AppHealth:
    """Reads the settings and nothing else: whoever asks every minute costs Azure no call. Whether
    the identity has its rights, the first plan says.
    """
    errors: list[FieldError] = []
    for read in (read_settings, follow_rules):
        try:
            read()
        except SettingError as error:
            errors += error.errors
    return AppHealth.of(errors)
