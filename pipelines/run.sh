#!/usr/bin/env bash
# Runs the step (pipelines/__main__.py), in this very process: a pipeline that is cancelled tells this process only.
# -P: a file of the checked out repository is never taken for a module of Python's.
set -euo pipefail

sources=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export PATH="${RUNNER_TEMP:-${AGENT_TEMPDIRECTORY:?}}/vmss-rollout/bin:$PATH"
PYTHONPATH=$sources exec python3 -P -m pipelines
