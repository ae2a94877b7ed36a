"""The base of what people and tests declare: frozen, camelCase in JSON, no unknown fields."""

from datetime import timedelta
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

type Duration = Annotated[timedelta, Field(ge=timedelta(0))]
"""In JSON: seconds as a number, or ISO 8601 text such as "PT1M"."""

type InstanceIds = Annotated[tuple[str, ...], Field(min_length=1)]


class Declared(BaseModel):
    """One declaration; invalid ones raise pydantic.ValidationError with every error."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        coerce_numbers_to_str=True,
    )

    @classmethod
    def from_json(cls, body: Any) -> Self:
        """Read a request's body. Raises pydantic.ValidationError."""
        return cls.model_validate(body, by_name=False, by_alias=True)
