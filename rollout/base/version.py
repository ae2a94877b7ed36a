"""The versions of the app; tests keep them equal to those in pyproject.toml and host.json."""

VERSION = "0.1.0"
"""As users see it."""
ORCHESTRATION_VERSION = 1
"""Of the orchestrators: Durable's defaultVersion (host.json). It grows with every release in which
they take other steps. Durable does not let an older app run what a newer one has started.
"""
