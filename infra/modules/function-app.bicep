@description('Name of the function app.')
param name string

@description('Name of its plan.')
param planName string

@description('Name of the app\'s identity.')
param identityName string

@description('Name of the storage account.')
param storageAccountName string

@description('Name of the container of the app\'s package.')
param packageContainer string

@description('Where the app sends its telemetry.')
param applicationInsightsConnectionString string

@description('The settings that the app itself reads.')
// Checkov's parser cannot read the type of an object with any names.
#disable-next-line use-user-defined-types
param appSettings object

@description('Memory of an instance, in MB.')
param instanceMemoryMB int

@description('The most instances.')
param maximumInstanceCount int

@description('Instances that are kept running for Durable Functions.')
param alwaysReadyInstances int

@description('Region of both.')
param location string

@description('Tags of both.')
// Checkov's parser cannot read the type of an object with any names.
#disable-next-line use-user-defined-types
param tags object

// What the Functions host reads. A Flex Consumption app has no FUNCTIONS_WORKER_RUNTIME.
var hostSettings = {
  AzureWebJobsDisableHomepage: 'true'
  // Beside the addresses, which the host prefers (they are right in every cloud): with them alone, some
  // hosts did not come up (azure-functions-host issue 11787).
  AzureWebJobsStorage__accountName: account.name
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.properties.clientId
  AzureWebJobsStorage__blobServiceUri: account.properties.primaryEndpoints.blob
  AzureWebJobsStorage__queueServiceUri: account.properties.primaryEndpoints.queue
  AzureWebJobsStorage__tableServiceUri: account.properties.primaryEndpoints.table
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storageAccountName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  // checkov:skip=CKV_AZURE_225: after the loss of a zone the app starts again in another and goes on; nothing is lost meanwhile
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  // checkov:skip=CKV_AZURE_17: callers show a function key, and a token of Entra ID if entraClientId is set
  // checkov:skip=CKV_AZURE_78: there is no FTP in the Flex Consumption plan
  // checkov:skip=CKV_AZURE_212: a lost instance is replaced, and goes on where it was
  // checkov:skip=CKV_AZURE_213: there is no health check in the Flex Consumption plan
  // checkov:skip=CKV_AZURE_222: people call the API, and Event Grid calls the app, from outside
  name: name
  location: location
  // azd deploys the service `api` of azure.yaml to what has this tag.
  tags: union(tags, {
    'azd-service-name': 'api'
  })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    // As whom settings that refer to a Key Vault are read.
    keyVaultReferenceIdentity: identity.id
    publicNetworkAccess: 'Enabled'
    siteConfig: {
      http20Enabled: true
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      remoteDebuggingEnabled: false
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${account.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      runtime: {
        name: 'python'
        version: '3.13'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        // `durable` is the group of all Durable functions: one instance always polls their queues.
        alwaysReady: alwaysReadyInstances == 0 ? [] : [
          {
            name: 'durable'
            instanceCount: alwaysReadyInstances
          }
        ]
      }
    }
  }
}

resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  // Checkov takes these for the configuration of a web app.
  // checkov:skip=CKV_AZURE_13: authentication by Entra ID is an option (entraClientId); a function key is always needed
  // checkov:skip=CKV_AZURE_63: requests are in Application Insights
  // checkov:skip=CKV_AZURE_65: errors are in Application Insights
  // checkov:skip=CKV_AZURE_66: failed requests are in Application Insights
  // checkov:skip=CKV_AZURE_80: the app is in Python
  // checkov:skip=CKV_AZURE_88: the app keeps no files
  // checkov:skip=CKV_AZURE_222: people call the API, and Event Grid calls the app, from outside
  parent: app
  name: 'appsettings'
  properties: union(hostSettings, appSettings)
}

// azd deploys with a token; nobody needs a password.
resource noFtpPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource noScmPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

@description('Its host name.')
output hostName string = app.properties.defaultHostName
