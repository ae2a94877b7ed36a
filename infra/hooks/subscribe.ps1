# The same as subscribe.sh, for PowerShell.
$ErrorActionPreference = 'Stop'

if (-not $env:EVENT_TOPIC_NAME) { exit 0 }

az account show --output none
if ($LASTEXITCODE -ne 0) {
    Write-Error "The Azure CLI is not signed in (azd's own sign-in is another): run az login, then azd hooks run postdeploy"
}

# Until the host has indexed the code, Azure answers "Destination endpoint not found. Resource should
# pre-exist": so wait for the function.
for ($attempt = 1; ; $attempt++) {
    az functionapp function show `
        --subscription $env:AZURE_SUBSCRIPTION_ID `
        --resource-group $env:AZURE_RESOURCE_GROUP `
        --name $env:FUNCTION_APP_NAME `
        --function-name on_image_published `
        --only-show-errors `
        --output none
    if ($LASTEXITCODE -eq 0) { break }
    if ($attempt -ge 30) {
        Write-Error "The function on_image_published of $env:FUNCTION_APP_NAME has not appeared in five minutes: nothing is subscribed. See whether the app starts (portal, Log stream), then run: azd hooks run postdeploy"
    }
    Start-Sleep -Seconds 10
}

az deployment group create `
    --subscription $env:AZURE_SUBSCRIPTION_ID `
    --resource-group $env:AZURE_RESOURCE_GROUP `
    --name event-subscription `
    --template-file "$PSScriptRoot/../event-subscription.bicep" `
    --parameters "topicName=$env:EVENT_TOPIC_NAME" "functionAppName=$env:FUNCTION_APP_NAME" `
        "deadLetterContainerId=$env:DEAD_LETTER_CONTAINER_ID" "imagesBelow=$env:IMAGE_EVENTS_BELOW" `
    --output none
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
Write-Output "Gallery image versions written in this subscription are reported to $env:FUNCTION_APP_NAME."
