"""The API's paths."""

from urllib.parse import quote

ROLLOUTS, FLEETS, SETS = "/rollouts", "/fleet-rollouts", "/scale-sets"


def within(*parts: str) -> str:
    """A path of names as people typed them: "/rollouts/web-1"."""
    return "".join(f"/{quote(part, safe='')}" for part in parts)
