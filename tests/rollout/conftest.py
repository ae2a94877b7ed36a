"""How the properties of the core are tested."""

from hypothesis import settings

# The same examples in every run: a failure is found again, and nothing is left on disk.
settings.register_profile(
    "specification", max_examples=60, deadline=None, derandomize=True, database=None
)
settings.load_profile("specification")
