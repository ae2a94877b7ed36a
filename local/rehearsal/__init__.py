"""Rehearses a rollout on a simulated copy of a scale set: the same app, in skipped time.

`python -m local.rehearsal` reads an `Order` from its standard input, and writes a JSON document per
line: how far it is, and at the end the report. It lives as long as its standard input is open.
"""
