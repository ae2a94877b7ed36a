#!/usr/bin/env bash
# Checks the types of both pages; those of the app's against the API's own document. Takes the Python to run, and the npm folder.
set -euo pipefail
"$1" -c 'import json; from triggers.openapi import openapi; print(json.dumps(openapi()))' >"$2/openapi.json"
"$2/node_modules/.bin/openapi-typescript" "$2/openapi.json" --silent --output dashboard/check/types.d.ts >/dev/null
"$2/node_modules/.bin/tsc" --project dashboard/check/tsconfig.json
"$2/node_modules/.bin/tsc" --project dashboard/check/simulator.tsconfig.json
