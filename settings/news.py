"""The setting for who is told what happens."""

import json
import os
import re
from collections.abc import Mapping
from functools import lru_cache

from pydantic import ValidationError

from rollout.base import FieldError, SettingError, field_errors
from rollout.news import NO_NEWS, NewsRules, Receiver, ReceiverKind, Teller
from settings.access import read_access_rules
from settings.address import read_address
from settings.secrets import why_lacking

NEWS_SETTING = "ROLLOUT_NEWS"
_TOPIC = re.compile(
    r"https://[a-z0-9][a-z0-9.\-]*\.eventgrid\.azure\.(net|us|cn)(/[\w\-./]*)?",
    re.IGNORECASE | re.ASCII,
)
"""The whole of it: nothing that another parser could take for the end of the host's name."""


def read_news_rules(environment: Mapping[str, str] = os.environ) -> NewsRules:
    """Who is told what: JSON, {"page": …, "receivers": [{"name": …, "kind": …, …}]}. Raises
    SettingError with everything that is wrong.
    """
    text = environment.get(NEWS_SETTING, "").strip()
    return _parsed(text) if text else NO_NEWS


def checked_news_rules(environment: Mapping[str, str] = os.environ) -> NewsRules:
    """The same; also raises SettingError if a secret is not there that a receiver needs."""
    rules = read_news_rules(environment)
    errors = [
        _error(f"receiver {receiver.name}: {why}")
        for receiver in rules.receivers
        if (why := _lacks(receiver, environment))
    ]
    if errors:
        raise SettingError(errors)
    return rules


def read_teller(rules: NewsRules, environment: Mapping[str, str] = os.environ) -> Teller:
    """What the app says of itself in its news. Azure names the app. Raises SettingError."""
    address = read_address(environment)
    page = rules.page or (f"{address}/api/dashboard" if address else "")
    site = environment.get("WEBSITE_SITE_NAME", "")
    source = f"/vmss-rollout/{site}" if site else "/vmss-rollout"
    return Teller(source=source, page=page, who=read_access_rules(environment).approvers)


@lru_cache(maxsize=4)
def _parsed(text: str) -> NewsRules:
    try:
        rules = NewsRules.from_request(json.loads(text))
    except ValidationError as error:
        raise SettingError(
            [_error(f"{e.path} {e.message}") for e in field_errors(error)]
        ) from error
    except ValueError as error:
        raise SettingError([_error(f"it is no JSON: {error}")]) from error
    if errors := [_error(why) for each in rules.receivers if (why := _no_topic(each))]:
        raise SettingError(errors)
    return rules


def _no_topic(receiver: Receiver) -> str | None:
    """The app's token goes to Event Grid, and to nobody else."""
    if receiver.kind is not ReceiverKind.EVENT_GRID or _TOPIC.fullmatch(receiver.endpoint or ""):
        return None
    return (
        f"receiver {receiver.name}: {receiver.endpoint} is no endpoint of an Event Grid topic: "
        "give https://{topic}.{region}-1.eventgrid.azure.net/api/events"
    )


def _lacks(receiver: Receiver, environment: Mapping[str, str]) -> str | None:
    reasons = (why_lacking(name, environment) for name in receiver.secrets)
    return next(filter(None, reasons), None)


def _error(message: str) -> FieldError:
    return FieldError(path=NEWS_SETTING, message=f"{NEWS_SETTING} is not valid: {message}")
