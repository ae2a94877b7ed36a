#!/bin/sh
# Before azd down, which deletes the resource group and nothing else: takes away the app's roles and
# their assignments, wherever they are. Safe to run again.
set -eu

[ -n "${IDENTITY_PRINCIPAL_ID:-}" ] || exit 0

az account show --output none || {
    echo "The Azure CLI is not signed in (azd's own sign-in is another): run az login, then azd down again" >&2
    exit 1
}

# $1: a scope at which the role is known, $2: its name, a GUID.
revoke() {
    scopes=$(az role definition list --custom-role-only true --scope "$1" --query "[?name=='$2'].assignableScopes[]" --output tsv)
    [ -n "$scopes" ] || return 0
    mine="[?principalId=='$IDENTITY_PRINCIPAL_ID' && ends_with(roleDefinitionId, '$2')].id"
    for scope in $scopes; do
        case "$scope" in
        /subscriptions/*) ids=$(az role assignment list --all --subscription "${scope#/subscriptions/}" --query "$mine" --output tsv) ;;
        *) ids=$(az role assignment list --scope "$scope" --query "$mine" --output tsv) ;;
        esac
        for id in $ids; do
            az role assignment delete --ids "$id"
        done
    done
    # A role that is still assigned to somebody else is not deleted, and Azure says so.
    az role definition delete --custom-role-only true --scope "$1" --name "$2"
}

revoke "/subscriptions/$AZURE_SUBSCRIPTION_ID" "$ROLLOUT_ROLE"
revoke "/subscriptions/$AZURE_SUBSCRIPTION_ID" "$IMAGES_ROLE"
if [ -n "${MANAGEMENT_GROUP_ROLE:-}" ]; then
    revoke "/providers/Microsoft.Management/managementGroups/$ROLLOUT_MANAGEMENT_GROUP" "$MANAGEMENT_GROUP_ROLE"
fi
