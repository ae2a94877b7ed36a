"""Runs an unmodified Azure Functions (Python v2) + Durable Functions 1.7 app: `host.Host`.

Never kinder than Azure: an orchestration that hangs, mixes up results or fails there does not pass
here. Development and evaluation only; production is Azure Functions.
"""
