"""The setting for where the app is, as those that answer it reach it."""

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from rollout.base import FieldError, SettingError

ADDRESS_SETTING = "ROLLOUT_ADDRESS"
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def read_address(environment: Mapping[str, str] = os.environ) -> str:
    """The address before /api; empty if nobody knows it. Azure names the host, and so does a host
    on loopback. Raises SettingError.
    """
    host = environment.get("WEBSITE_HOSTNAME", "")
    text = environment.get(ADDRESS_SETTING, "").strip()
    if not text:
        local = urlsplit(f"//{host}").hostname in _LOOPBACK
        return f"http{'' if local else 's'}://{host}" if host else ""
    if not _is_address(text):
        message = (
            f"{ADDRESS_SETTING} is {text!r}: set it to an https URL without a query, such as "
            "https://rollouts.contoso.com, or leave it out for the app's own host name"
        )
        raise SettingError([FieldError(path=ADDRESS_SETTING, message=message)])
    return text.rstrip("/")


def why_no_address(environment: Mapping[str, str] = os.environ) -> str | None:
    """Why nobody could answer; None if they can."""
    try:
        known = read_address(environment)
    except SettingError as error:
        return str(error)
    if known:
        return None
    return (
        "the app does not know its own address, to which the answer is sent: set the app setting "
        f"{ADDRESS_SETTING} to it, such as https://rollouts.contoso.com"
    )


def _is_address(text: str) -> bool:
    try:
        url = urlsplit(text)
        host = url.hostname
    except ValueError:
        return False
    plain = url.scheme == "http" and host in _LOOPBACK
    return bool(host) and (url.scheme == "https" or plain) and not (url.query or url.fragment)
