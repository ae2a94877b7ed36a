#!/usr/bin/env bash
# Installs the command into a folder of its own, beside whatever Python the pipeline has. An installed one is used as
# it is. -I: a file of the checked out repository is never taken for a module of Python's.
set -euo pipefail

if command -v vmss-rollout >/dev/null; then
    echo "The command is here already: $(command -v vmss-rollout)"
    exit 0
fi
if ! python3 -I -c 'import sys; sys.exit(sys.version_info < (3, 12))'; then
    echo "VMSS Rollout needs Python 3.12 or newer: add actions/setup-python or UsePythonVersion@0 before." >&2
    exit 2
fi
sources=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
home=${RUNNER_TEMP:-${AGENT_TEMPDIRECTORY:?}}/vmss-rollout
extra=""
[ -z "${INPUT_SCOPE:-}" ] || extra="[entra]"
python3 -I -m venv "$home"
"$home/bin/python" -I -m pip install --quiet --disable-pip-version-check "$sources/cli$extra"
