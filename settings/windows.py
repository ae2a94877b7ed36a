"""The settings for when anything may run, whatever a request says."""

import json
import os
from collections.abc import Mapping

from pydantic import TypeAdapter, ValidationError

from rollout.base import FieldError, SettingError, field_errors
from rollout.windows import Calendar, FreezeEntry, Window

WINDOWS_SETTING, FREEZES_SETTING = "ROLLOUT_WINDOWS", "ROLLOUT_FREEZES"
_WINDOWS: TypeAdapter[list[Window]] = TypeAdapter(list[Window])
_FREEZES: TypeAdapter[list[FreezeEntry]] = TypeAdapter(list[FreezeEntry])


def read_calendar(environment: Mapping[str, str] = os.environ) -> Calendar:
    """The app's own windows and freezes: JSON, as in a request. Raises SettingError with which of
    both is wrong, and how.
    """
    errors: list[FieldError] = []
    windows = _parsed(WINDOWS_SETTING, _WINDOWS, environment, errors)
    freezes = _parsed(FREEZES_SETTING, _FREEZES, environment, errors)
    if errors:
        raise SettingError(errors)
    return Calendar.of(windows, freezes)


def _parsed[T](
    name: str, kind: TypeAdapter[list[T]], environment: Mapping[str, str], errors: list[FieldError]
) -> list[T]:
    text = environment.get(name)
    if not text:
        return []
    try:
        return kind.validate_python(json.loads(text), by_alias=True, by_name=False)
    except ValidationError as error:
        first = field_errors(error)[0]
        message = f"{name} is not valid: {first.path} {first.message}"
    except ValueError as error:
        message = f"{name} is not valid: {error}"
    errors.append(FieldError(path=name, message=message))
    return []
