"""Lines of a pipeline's log. Services take some for commands, and what Azure says of an instance
may come from that instance.
"""

import re


def quiet(text: str) -> str:
    """The line, so that it commands nothing: neither `::` at its beginning nor `##` anywhere."""
    return re.sub(r"#(?=#)", "# ", re.sub(r"^(\s*):(?=:)", r"\1: ", text))
