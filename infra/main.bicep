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

@description('Where the app may roll scale sets: ids of resource groups and subscriptions, separated by commas. Empty: nowhere. everywhere: wherever you grant its identity the rights yourself.')
param rolloutScopes string = ''

@description('Further resource groups and subscriptions whose images the app may read, separated by commas. Those of the subscriptions in rolloutScopes it may read anyway.')
param imageScopes string = ''

@description('Whether the app may read only: it then plans, and every rollout ends before it has changed anything.')
param planOnly bool = false

@description('Whether gates may read alerts and metrics of Azure Monitor in the subscriptions of rolloutScopes. Logs need a role on their workspace, which you grant.')
param monitorGates bool = false

@description('Whether hooks may be told the private addresses of instances: the app may then read the network interfaces in rolloutScopes.')
param hookAddresses bool = false

@description('Name of a management group under which the app may roll every scale set. Empty: none. The rights are granted by the hook infra/hooks/grant, after provisioning.')
param managementGroup string = ''

@description('Whether published gallery images of this subscription are reported to the app. Needs that the subscription has no Event Grid system topic of its own yet.')
param imageEvents bool = false

@description('Whether events of images that could not be delivered are kept, as blobs. They are written as an identity of the topic: false for a cloud that takes none on a topic of a subscription.')
param imageDeadLetters bool = true

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

@description('Client id of an Entra ID app registration. When it is set, callers need a token for it besides the function key. Empty: the key alone.')
param entraClientId string = ''

@description('Whether every caller must be signed in. Needs entraClientId.')
param requireSignIn bool = false

@description('Whether who approves must be another than who started. Needs entraClientId.')
param secondPerson bool = false

@description('Whether the answer to a start has Durable\'s own status address, with a key in it that opens every orchestration of the app.')
param statusUri bool = true

@description('Hosts inside a network that gates and news may call: networks and names, separated by commas. Empty: the public internet only.')
param outbound string = ''

@description('Event Grid topics that the app sends news to: their ids, separated by commas. Its identity may send to these, and to no other.')
param newsTopics string = ''

@description('Key Vaults that app settings refer to: their ids, separated by commas. The identity of the app may read secrets there.')
param keyVaults string = ''
@description('Where others reach the app, such as https://rollouts.contoso.com. Empty: at the name that Azure gives it.')
param address string = ''

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

// Said here, not read from the outputs of modules: only what is known before anything is deployed can be
// shown by a preview (azd provision --preview).
var identityName = '${names.managedIdentityUserAssignedIdentities}${token}'
var storageAccountName = '${names.storageStorageAccounts}${token}'
var deadLetterContainer = 'dead-letters'
var applicationInsightsName = '${names.insightsComponents}${token}'
var functionAppName = '${names.webSitesFunctions}${token}'
var topicName = '${names.eventGridSystemTopics}${token}'

// What the app itself reads (docs/settings.md; tests/infra holds this list against the code). A
// new setting is one line here. An empty one is the same as none.
var appSettings = {
  AZURE_CLIENT_ID: identity.outputs.clientId
  AZURE_ENVIRONMENT: environment().name
  AZURE_SUBSCRIPTION_ID: subscription().subscriptionId
  // Under a management group the roles alone are the limit: it has more scopes than can be named. Empty
  // means nowhere, so that who takes away the last scope, or the group, does not open everything.
  ROLLOUT_SCOPES: empty(managementGroup) ? rolloutScopes : 'everywhere'
  ROLLOUT_RETENTION: retention
  ROLLOUT_POLICIES: string(loadJsonContent('policies.json'))
  ROLLOUT_WAVES: string(loadJsonContent('waves.json'))
  ROLLOUT_WINDOWS: string(loadJsonContent('windows.json'))
  ROLLOUT_FREEZES: string(loadJsonContent('freezes.json'))
  ROLLOUT_NEWER_IMAGE: newerImage
  ROLLOUT_REPLICATION_TIMEOUT: replicationTimeout
  ROLLOUT_FOLLOW_SUBSCRIPTIONS: followSubscriptions
  ROLLOUT_NEWS: string(loadJsonContent('news.json'))
  ROLLOUT_OUTBOUND: outbound
  ROLLOUT_BOUND_SECRETS: string(loadJsonContent('bound-secrets.json'))
  ROLLOUT_ADDRESS: address
  ROLLOUT_ROLES: string(loadJsonContent('roles.json'))
  ROLLOUT_REQUIRE_SIGN_IN: requireSignIn ? 'true' : 'false'
  ROLLOUT_SECOND_PERSON: secondPerson ? 'true' : 'false'
  ROLLOUT_STATUS_URI: statusUri ? 'true' : 'false'
  PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY: 'true'
  PYTHON_APPLICATIONINSIGHTS_LOGGER_NAME: 'rollout'
  // They would record whole addresses, also signed ones of operations.
  OTEL_PYTHON_DISABLED_INSTRUMENTATIONS: 'azure_sdk,django,fastapi,flask,httpx,httpx2,psycopg2,requests,urllib,urllib3'
}

// Secrets that requests and settings name: references to a Key Vault, by the names of their settings.
var secretSettings = loadJsonContent('secrets.json')

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: '${names.resourcesResourceGroups}${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: {
    name: identityName
    location: location
    tags: tags
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: storageAccountName
    deadLetterContainer: deadLetterContainer
    redundancy: storageRedundancy
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: '${names.operationalInsightsWorkspaces}${token}'
    applicationInsightsName: applicationInsightsName
    logRetentionDays: logRetentionDays
    location: location
    tags: tags
  }
}

module dataRoles 'modules/data-roles.bicep' = {
  scope: group
  params: {
    // Part of the assignments' names, and known only when it is there: a preview shows all but these.
    #disable-next-line what-if-short-circuiting
    principalId: identity.outputs.principalId
    storageAccountName: storageAccountName
    applicationInsightsName: applicationInsightsName
  }
  dependsOn: [
    storage
    monitoring
  ]
}

module api 'modules/function-app.bicep' = {
  scope: group
  params: {
    name: functionAppName
    planName: '${names.webServerFarms}${token}'
    identityName: identityName
    storageAccountName: storageAccountName
    packageContainer: storage.outputs.packageContainer
    applicationInsightsConnectionString: monitoring.outputs.connectionString
    appSettings: union(appSettings, secretSettings)
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
  scope: group
  params: {
    functionAppName: functionAppName
    clientId: entraClientId
  }
  dependsOn: [
    api
  ]
}

module rights 'modules/rights.bicep' = {
  // The deployments below have names that Bicep makes of this one, some of them in other subscriptions. A
  // name that was used for another region before is refused ("InvalidDeploymentLocation"): so it has
  // region, subscription and environment in it.
  #disable-next-line no-module-name
  name: 'vmss-rollout-rights-${token}'
  params: {
    environmentName: environmentName
    // As above: a preview shows all but the assignments.
    #disable-next-line what-if-short-circuiting
    principalId: identity.outputs.principalId
    rolloutScopes: rolloutScopes
    imageScopes: imageScopes
    planOnly: planOnly
    monitorGates: monitorGates
    hookAddresses: hookAddresses
  }
}

// In one case of letters, each once, and without the empty ones that a comma too many makes.
var topicIds = union(filter(split(replace(toLower(newsTopics), ' ', ''), ','), id => !empty(id)), [])
var vaultIds = union(filter(split(replace(toLower(keyVaults), ' ', ''), ','), id => !empty(id)), [])

module onTopics 'modules/role-at-topic.bicep' = [for id in topicIds: {
  scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
  params: {
    topicName: last(split(id, '/'))
    // As above: a preview shows all but the assignments.
    #disable-next-line what-if-short-circuiting
    principalId: identity.outputs.principalId
  }
}]

module onVaults 'modules/role-at-vault.bicep' = [for id in vaultIds: {
  scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
  params: {
    vaultName: last(split(id, '/'))
    // As above.
    #disable-next-line what-if-short-circuiting
    principalId: identity.outputs.principalId
  }
}]

module events 'modules/events.bicep' = if (imageEvents) {
  scope: group
  params: {
    name: topicName
    storageAccountName: storageAccountName
    deadLetterContainer: deadLetterContainer
    deadLetters: imageDeadLetters
    tags: tags
  }
  dependsOn: [
    storage
  ]
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    actionGroupName: '${names.insightsActionGroups}${token}'
    applicationInsightsId: monitoring.outputs.applicationInsightsId
    email: alertEmail
    topicName: imageEvents ? topicName : ''
    deadLetters: imageDeadLetters
    location: location
    tags: tags
  }
  dependsOn: [
    events
  ]
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  params: {
    applicationInsightsName: applicationInsightsName
    location: location
    tags: tags
  }
  dependsOn: [
    monitoring
  ]
}

// azd keeps these in the environment; the hooks read them from there.
@description('Resource group of the app.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Name of the function app.')
output FUNCTION_APP_NAME string = functionAppName

@description('Where the API is.')
output API_URL string = 'https://${api.outputs.hostName}/api'

@description('The command that prints a function key; every call needs one.')
output FUNCTION_KEY_COMMAND string = 'az functionapp keys list --subscription ${subscription().subscriptionId} --resource-group ${group.name} --name ${functionAppName} --query functionKeys.default --output tsv'

@description('Object id of the app\'s identity: for rights on further scopes.')
output IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId

@description('Name (a GUID) of the role to roll scale sets.')
output ROLLOUT_ROLE string = rights.outputs.rolloutRole

@description('Name (a GUID) of the role to read images.')
output IMAGES_ROLE string = rights.outputs.imagesRole

@description('Whether the rights that the hook grants are to read only.')
output ROLLOUT_PLAN_ONLY bool = planOnly

@description('Management group the hook grants the rights on; empty: none.')
output ROLLOUT_MANAGEMENT_GROUP string = managementGroup

@description('Name of the Event Grid system topic; empty when imageEvents is off.')
output EVENT_TOPIC_NAME string = imageEvents ? topicName : ''

@description('Id of the container for events that could not be delivered; empty when they are not kept.')
output DEAD_LETTER_CONTAINER_ID string = imageDeadLetters ? storage.outputs.deadLetterContainerId : ''
