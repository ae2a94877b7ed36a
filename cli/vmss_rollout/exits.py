"""The exit codes, as docs/cli.md has them."""

SUCCEEDED, FAILED, USAGE, ROLLED_BACK, ABORTED, WAITS, REFUSED = range(7)
INTERRUPTED = 130
"""Ctrl-C, as every shell has it: 128 and the number of SIGINT."""

_OF_PHASES = {"Succeeded": SUCCEEDED, "RolledBack": ROLLED_BACK, "Aborted": ABORTED}


def of_phase(phase: str) -> int:
    """The exit code for a rollout that has ended in this phase."""
    return _OF_PHASES.get(phase, FAILED)
