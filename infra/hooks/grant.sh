#!/bin/sh
# After provisioning: grants the app's identity its role on a management group, if one is named
# (ROLLOUT_MANAGEMENT_GROUP). azd puts the outputs of infra/main.bicep into the environment.
set -eu

[ -n "${ROLLOUT_MANAGEMENT_GROUP:-}" ] || exit 0

az account show --output none || {
    echo "The Azure CLI is not signed in (azd's own sign-in is another): run az login, then azd hooks run postprovision" >&2
    exit 1
}

# The identity is in the name of the deployment: a name that was used for another region before is refused
# ("InvalidDeploymentLocation"), and an identity has one region.
role=$(az deployment mg create \
    --name "vmss-rollout-$IDENTITY_PRINCIPAL_ID" \
    --management-group-id "$ROLLOUT_MANAGEMENT_GROUP" \
    --location "$AZURE_LOCATION" \
    --template-file "$(dirname "$0")/../management-group.bicep" \
    --parameters environmentName="$AZURE_ENV_NAME" principalId="$IDENTITY_PRINCIPAL_ID" planOnly="${ROLLOUT_PLAN_ONLY:-false}" \
    --query properties.outputs.role.value --output tsv)
azd env set MANAGEMENT_GROUP_ROLE "$role" # for revoke
what='roll'
[ "${ROLLOUT_PLAN_ONLY:-false}" = false ] || what='read'
echo "The app may $what every scale set below the management group $ROLLOUT_MANAGEMENT_GROUP."
