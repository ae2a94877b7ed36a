// VMSS Rollout in a resource group of its own, with the rights it needs where the scale sets are.
// Everything here is plain Bicep, without modules from a registry: see docs/adr.
targetScope = 'subscription'

@minLength(1)
@maxLength(64)
@description('Name of the azd environment; all names are derived from it.')
param environmentName string

@minLength(1)
@description('Region of the app and of what it needs. Scale sets may be in any region.')
@metadata({
  azd: {
    type: 'location'
  }
})
param location string

@description('Where the app may roll scale sets: ids of resource groups and subscriptions, separated by commas. Empty: nowhere yet.')
param rolloutScopes string = ''

@description('Further resource groups and subscriptions whose images the app may read, separated by commas. Those of the subscriptions in rolloutScopes it may read anyway.')
param imageScopes string = ''

@description('Name of a management group under which the app may roll every scale set. Empty: none. The rights are granted by the hook infra/hooks/grant, after provisioning.')
param managementGroup string = ''

@description('Whether published gallery images of this subscription are reported to the app. Needs that the subscription has no Event Grid system topic of its own yet.')
param imageEvents bool = false

@description('Subscriptions whose scale sets may follow published images, by their ids, separated by commas. Empty: that of the app.')
param followSubscriptions string = ''

@description('What to do with an image version that is published while another is being rolled: roll the newest afterwards, or ignore it.')
@allowed([
  'queue'
  'ignore'
])
param newerImage string = 'queue'

@description('How long a published image version may take until it is usable where it is wanted, as an ISO 8601 duration.')
param replicationTimeout string = 'P1D'

@description('How long a rollout is remembered after its end, as an ISO 8601 duration from P1D to P366D.')
param retention string = 'P180D'

@description('What keeps the state of Durable Functions: the storage account, or a Durable Task Scheduler.')
@allowed([
  'storage'
  'scheduler'
])
param durableBackend string = 'storage'

@description('Client id of an Entra ID app registration. When it is set, callers need a token for it besides the function key. Empty: the key alone.')
param entraClientId string = ''

@description('Address that is told of rollouts that failed or wait for somebody. Empty: alerts are only shown in the portal.')
param alertEmail string = ''

@description('Memory of an instance of the app, in MB.')
@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int = 2048

@minValue(1)
@maxValue(1000)
@description('The most instances the app may scale out to.')
param maximumInstanceCount int = 40

@minValue(0)
@maxValue(20)
@description('Instances that are kept running for Durable Functions, so that timers fire on time. 0 costs less, and is late after a cold start.')
param alwaysReadyInstances int = 1

@description('How many copies of the app\'s state there are: Standard_ZRS where the region has zones, else Standard_LRS.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
])
param storageRedundancy string = 'Standard_ZRS'

@minValue(30)
@maxValue(730)
@description('How long logs are kept, in days.')
param logRetentionDays int = 30

var names = loadJsonContent('abbreviations.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = {
  'azd-env-name': environmentName
}

// What the app itself reads (docs/settings.md; tests/infra holds this list against the code). A
// new setting is one line here. An empty one is the same as none.
var appSettings = {
  AZURE_CLIENT_ID: identity.outputs.clientId
  AZURE_ENVIRONMENT: environment().name
  AZURE_SUBSCRIPTION_ID: subscription().subscriptionId
  // Under a management group the roles alone are the limit: it has more scopes than can be named.
  ROLLOUT_SCOPES: empty(managementGroup) ? rolloutScopes : ''
  ROLLOUT_RETENTION: retention
  ROLLOUT_POLICIES: string(loadJsonContent('policies.json'))
  ROLLOUT_WAVES: string(loadJsonContent('waves.json'))
  ROLLOUT_NEWER_IMAGE: newerImage
  ROLLOUT_REPLICATION_TIMEOUT: replicationTimeout
  ROLLOUT_FOLLOW_SUBSCRIPTIONS: followSubscriptions
  PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY: 'true'
  PYTHON_APPLICATIONINSIGHTS_LOGGER_NAME: 'rollout'
  // They would record whole addresses, also signed ones of operations.
  OTEL_PYTHON_DISABLED_INSTRUMENTATIONS: 'azure_sdk,django,fastapi,flask,httpx,httpx2,psycopg2,requests,urllib,urllib3'
}

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: '${names.resourcesResourceGroups}${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: '${names.managedIdentityUserAssignedIdentities}${token}'
    location: location
    tags: tags
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: '${names.storageStorageAccounts}${token}'
    redundancy: storageRedundancy
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    workspaceName: '${names.operationalInsightsWorkspaces}${token}'
    applicationInsightsName: '${names.insightsComponents}${token}'
    logRetentionDays: logRetentionDays
    location: location
    tags: tags
  }
}

module dataRoles 'modules/data-roles.bicep' = {
  name: 'data-roles'
  scope: group
  params: {
    principalId: identity.outputs.principalId
    storageAccountName: storage.outputs.name
    applicationInsightsName: monitoring.outputs.applicationInsightsName
  }
}

module scheduler 'modules/scheduler.bicep' = if (durableBackend == 'scheduler') {
  name: 'scheduler'
  scope: group
  params: {
    name: '${names.durableTaskSchedulers}${token}'
    principalId: identity.outputs.principalId
    location: location
    tags: tags
  }
}

module api 'modules/function-app.bicep' = {
  name: 'api'
  scope: group
  params: {
    name: '${names.webSitesFunctions}${token}'
    planName: '${names.webServerFarms}${token}'
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageAccountName: storage.outputs.name
    packageContainer: storage.outputs.packageContainer
    applicationInsightsConnectionString: monitoring.outputs.connectionString
    schedulerEndpoint: durableBackend == 'scheduler' ? scheduler!.outputs.endpoint : ''
    appSettings: appSettings
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyInstances: alwaysReadyInstances
    location: location
    tags: tags
  }
  // The app reads its package and its queues as this identity from the first moment on.
  dependsOn: [
    dataRoles
  ]
}

module authentication 'modules/authentication.bicep' = if (!empty(entraClientId)) {
  name: 'authentication'
  scope: group
  params: {
    functionAppName: api.outputs.name
    clientId: entraClientId
  }
}

module rights 'modules/rights.bicep' = {
  name: 'vmss-rollout-rights-${token}'
  params: {
    environmentName: environmentName
    principalId: identity.outputs.principalId
    rolloutScopes: rolloutScopes
    imageScopes: imageScopes
  }
}

module events 'modules/events.bicep' = if (imageEvents) {
  name: 'events'
  scope: group
  params: {
    name: '${names.eventGridSystemTopics}${token}'
    storageAccountName: storage.outputs.name
    deadLetterContainer: storage.outputs.deadLetterContainer
    tags: tags
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    actionGroupName: '${names.insightsActionGroups}${token}'
    applicationInsightsId: monitoring.outputs.applicationInsightsId
    email: alertEmail
    location: location
    tags: tags
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook'
  scope: group
  params: {
    applicationInsightsId: monitoring.outputs.applicationInsightsId
    location: location
    tags: tags
  }
}

// azd keeps these in the environment; the hooks read them from there.
@description('Resource group of the app.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Name of the function app.')
output FUNCTION_APP_NAME string = api.outputs.name

@description('Where the API is.')
output API_URL string = 'https://${api.outputs.hostName}/api'

@description('The command that prints a function key; every call needs one.')
output FUNCTION_KEY_COMMAND string = 'az functionapp keys list --resource-group ${group.name} --name ${api.outputs.name} --query functionKeys.default --output tsv'

@description('Object id of the app\'s identity: for rights on further scopes.')
output IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId

@description('Name (a GUID) of the role to roll scale sets.')
output ROLLOUT_ROLE string = rights.outputs.rolloutRole

@description('Name (a GUID) of the role to read images.')
output IMAGES_ROLE string = rights.outputs.imagesRole

@description('Management group the hook grants the rights on; empty: none.')
output ROLLOUT_MANAGEMENT_GROUP string = managementGroup

@description('Name of the Event Grid system topic; empty when imageEvents is off.')
output EVENT_TOPIC_NAME string = imageEvents ? events!.outputs.topicName : ''

@description('Id of the container for events that could not be delivered.')
output DEAD_LETTER_CONTAINER_ID string = storage.outputs.deadLetterContainerId
