#!/bin/sh
# What the Bicep compiler says of infra/, without Azure and without a network: every rule of
# infra/bicepconfig.json without a warning, every file compiled, and what would be deployed compared with
# tests/infra/snapshots. With --update the snapshots are written anew: read the difference before you commit.
# Usage: BICEP=/path/to/bicep infra/check/bicep.sh [--update]
set -eu
cd "$(dirname "$0")/../.."
: "${BICEP:?is the path of a Bicep compiler}"
snapshots=tests/infra/snapshots

# Nothing is asked of Azure: these only stand for what a deployment would know.
tenant='--tenant-id 99999999-9999-9999-9999-999999999999'
subscription="$tenant --subscription-id 00000000-0000-0000-0000-000000000000 --deployment-name prod"

built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT

# A warning does not change the compiler's exit code.
quietly() {
    said=$("$@" 2>&1) || { echo "$said" >&2; exit 1; }
    [ -z "$said" ] || { echo "$said" >&2; exit 1; }
}

quietly "$BICEP" lint --pattern 'infra/**/*.bicep'
# With what it has no default for.
AZURE_ENV_NAME=prod AZURE_LOCATION=westeurope quietly "$BICEP" lint infra/without-azd/main.bicepparam
quietly "$BICEP" lint --pattern "$snapshots/*.bicepparam"
quietly "$BICEP" build --pattern 'infra/**/*.bicep' --outdir "$built"

for file in "$snapshots"/*.bicepparam; do
    # A deployment knows only what is around its scope, and the compiler refuses to be told more.
    case $(sed -n "s|^using '../../../||p" "$file") in
    infra/main.bicep\'*) scope="$subscription --location westeurope" ;;
    infra/management-group.bicep\'*) scope="$tenant --management-group-id platform --location westeurope --deployment-name prod" ;;
    *) scope="$subscription --resource-group rg-prod --location westeurope" ;;
    esac
    # shellcheck disable=SC2086 # its words are options
    if [ "${1:-}" = --update ]; then
        "$BICEP" snapshot "$file" --mode overwrite $scope
    else
        "$BICEP" snapshot "$file" --mode validate $scope || {
            echo "$file is not what would be deployed: infra/check/bicep.sh --update writes it anew, if that is meant" >&2
            exit 1
        }
    fi
done
