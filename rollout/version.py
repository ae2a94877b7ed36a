"""The version of the app, as people see it; pyproject.toml says the same (a test holds it)."""

VERSION = "0.1.0"
