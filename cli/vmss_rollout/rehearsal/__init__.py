"""Rehearses a rollout on a simulated copy of a scale set. Nothing here imports the app: it runs in
a process of its own, which is told in JSON.
"""
