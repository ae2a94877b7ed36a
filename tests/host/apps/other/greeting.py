"""A module of this app, with the same name as one of another app."""

TEXT = "hello from other"
