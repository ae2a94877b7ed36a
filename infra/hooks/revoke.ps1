# The same as revoke.sh, for PowerShell.
$ErrorActionPreference = 'Stop'

if (-not $env:IDENTITY_PRINCIPAL_ID) { exit 0 }

az account show --output none
if ($LASTEXITCODE -ne 0) {
    Write-Error "The Azure CLI is not signed in (azd's own sign-in is another): run az login, then azd down again"
}

function Invoke-Az {
    $answer = az @args
    if ($LASTEXITCODE -ne 0) { throw "az $args failed" }
    $answer
}

# $At: a scope at which the role is known, $By: what the role is found by, as JMESPath.
function Revoke-Role($At, $By) {
    $role = Invoke-Az role definition list --custom-role-only true --scope $At --query "[?$By].name | [0]" --output tsv
    if (-not $role) { return }
    $scopes = Invoke-Az role definition list --custom-role-only true --scope $At --query "[?name=='$role'].assignableScopes[]" --output tsv
    $mine = "[?principalId=='$env:IDENTITY_PRINCIPAL_ID' && ends_with(roleDefinitionId, '$role')].id"
    foreach ($scope in $scopes) {
        if ($scope.StartsWith('/subscriptions/')) {
            $ids = Invoke-Az role assignment list --all --subscription $scope.Substring(15) --query $mine --output tsv
        }
        else {
            $ids = Invoke-Az role assignment list --scope $scope --query $mine --output tsv
        }
        foreach ($id in $ids) { Invoke-Az role assignment delete --ids $id }
    }
    # A role that is still assigned to somebody else is not deleted, and Azure says so.
    Invoke-Az role definition delete --custom-role-only true --scope $At --name $role
}

Revoke-Role "/subscriptions/$env:AZURE_SUBSCRIPTION_ID" "name=='$env:ROLLOUT_ROLE'"
Revoke-Role "/subscriptions/$env:AZURE_SUBSCRIPTION_ID" "name=='$env:IMAGES_ROLE'"
if ($env:ROLLOUT_MANAGEMENT_GROUP) {
    Revoke-Role "/providers/Microsoft.Management/managementGroups/$env:ROLLOUT_MANAGEMENT_GROUP" `
        "roleName=='VMSS Rollout below $env:ROLLOUT_MANAGEMENT_GROUP ($env:AZURE_ENV_NAME)'"
}
