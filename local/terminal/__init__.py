"""A rollout in the terminal: a screen, a line, or a live picture, all made of one RolloutView.

Knows `rollout/` and rich, and nothing of the local system: what watches a rollout in Azure shows
the same.
"""
