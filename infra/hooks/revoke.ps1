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

# $At: a scope at which the role is known, $Role: its name, a GUID.
function Revoke-Role($At, $Role) {
    $scopes = Invoke-Az role definition list --custom-role-only true --scope $At --query "[?name=='$Role'].assignableScopes[]" --output tsv
    if (-not $scopes) { return }
    $mine = "[?principalId=='$env:IDENTITY_PRINCIPAL_ID' && ends_with(roleDefinitionId, '$Role')].id"
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
    Invoke-Az role definition delete --custom-role-only true --scope $At --name $Role
}

Revoke-Role "/subscriptions/$env:AZURE_SUBSCRIPTION_ID" $env:ROLLOUT_ROLE
Revoke-Role "/subscriptions/$env:AZURE_SUBSCRIPTION_ID" $env:IMAGES_ROLE
if ($env:MANAGEMENT_GROUP_ROLE) {
    Revoke-Role "/providers/Microsoft.Management/managementGroups/$env:ROLLOUT_MANAGEMENT_GROUP" $env:MANAGEMENT_GROUP_ROLE
}
