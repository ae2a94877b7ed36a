# The same as grant.sh, for PowerShell.
$ErrorActionPreference = 'Stop'

if (-not $env:ROLLOUT_MANAGEMENT_GROUP) { exit 0 }

az account show --output none
if ($LASTEXITCODE -ne 0) {
    Write-Error "The Azure CLI is not signed in (azd's own sign-in is another): run az login, then azd hooks run postprovision"
}

$planOnly = if ($env:ROLLOUT_PLAN_ONLY) { $env:ROLLOUT_PLAN_ONLY } else { 'false' }
$what = if ($planOnly -eq 'false') { 'roll' } else { 'read' }
# The identity is in the name of the deployment: a name that was used for another region before is refused
# ("InvalidDeploymentLocation"), and an identity has one region.
$role = az deployment mg create `
    --name "vmss-rollout-$env:IDENTITY_PRINCIPAL_ID" `
    --management-group-id $env:ROLLOUT_MANAGEMENT_GROUP `
    --location $env:AZURE_LOCATION `
    --template-file "$PSScriptRoot/../management-group.bicep" `
    --parameters "environmentName=$env:AZURE_ENV_NAME" "principalId=$env:IDENTITY_PRINCIPAL_ID" "planOnly=$planOnly" `
    --query properties.outputs.role.value --output tsv
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
azd env set MANAGEMENT_GROUP_ROLE $role # for revoke
Write-Output "The app may $what every scale set below the management group $env:ROLLOUT_MANAGEMENT_GROUP."
