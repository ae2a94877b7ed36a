"""Stories told to a running app over its HTTP API alone, and what came of each promise.

The package knows nothing of how the app is built: it imports nothing of it, so that it can be
pointed at any deployment. `python -m acceptance --app URL` runs it; docs/acceptance.md says how.
"""

from acceptance.promises import Line, Promises, Verdict
from acceptance.suite import Suite, Target

__all__ = ["Line", "Promises", "Suite", "Target", "Verdict"]
