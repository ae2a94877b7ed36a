"""Field types that several requests share."""

from typing import Annotated

from pydantic import (
    Field,
    StrictStr,
    StringConstraints,
)

Text = Annotated[str, StringConstraints(strict=True, max_length=256)]


InstanceIds = Annotated[list[StrictStr], Field(min_length=1, max_length=1000)]
