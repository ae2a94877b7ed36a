"""A rollout in the terminal: a screen, a line, or a live picture, all made of one View."""
