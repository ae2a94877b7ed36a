#!/bin/sh
# Before packaging: writes byte-code beside the source, because Azure's file system is read-only for the app, so that
# each start would compile it anew. It is checked by a hash of the source: times of files do not survive packaging.
set -eu

cd "$(dirname "$0")/../.."
for python in .venv/bin/python python3.13; do
    if command -v "$python" >/dev/null; then
        exec "$python" -m compileall -q --invalidation-mode checked-hash \
            function_app.py activities compute durable monitor orchestrators outbound rollout settings triggers
    fi
done
echo "There is no Python 3.13 here: the app is deployed without byte-code, and starts more slowly." >&2
