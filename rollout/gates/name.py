"""What a gate, or a hook, is called."""

from typing import Annotated

from pydantic import StringConstraints

CheckName = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9][\w.\- ]{0,49}$")]
