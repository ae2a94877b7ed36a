"""Values that travel as JSON: frozen, camelCase. Requests are strict, stored values are not."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Value(BaseModel):
    """An immutable value with one JSON form.

    Orders, statuses and records may be read by another version of the app than the one that wrote
    them. A field that this version does not know is ignored, a missing one gets its default. So
    every field added later needs a default (tests/rollout/test_stored_values.py).
    """

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types; fields without a value are omitted."""
        return self.model_dump(mode="json", exclude_none=True)

    @classmethod
    def from_json(cls, data: object) -> Self:
        """Read what this version of the app, or another one, has stored. Raises
        pydantic.ValidationError if it is something else.
        """
        return cls.model_validate(data, extra="ignore", by_alias=True, by_name=False)


class Request(Value):
    """What users send: an unknown field is an error, because it may be a misspelled one that they
    rely on.
    """

    model_config = ConfigDict(extra="forbid")

    @classmethod
    def from_request(cls, data: object) -> Self:
        """Parse a request. Raises pydantic.ValidationError with every error."""
        return cls.model_validate(data, extra="forbid", by_alias=True, by_name=False)


class Shown(Value):
    """What users read: its own fields are always present, null when they have no value."""

    def to_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json") | super().to_json()
