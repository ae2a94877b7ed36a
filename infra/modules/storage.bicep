@description('Name of the storage account.')
param name string

@description('How many copies there are, and where.')
param redundancy string

@description('Name of the container for events that could not be delivered.')
param deadLetterContainer string

@description('Its region.')
param location string

@description('Its tags.')
// Checkov's parser cannot read the type of an object with any names.
#disable-next-line use-user-defined-types
param tags object

// Holds the app's package, the state of its orchestrations, and events that could not be delivered.
// There are no keys: whoever reads or writes does so with a role.
resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  // checkov:skip=CKV_AZURE_35: a Flex Consumption app outside a virtual network comes from no known address; without keys and anonymous access, a role is needed all the same
  // checkov:skip=CKV_AZURE_59: the same; blobs cannot be made public (allowBlobPublicAccess)
  // checkov:skip=CKV_AZURE_206: what is in it is of use to this region's app only; it is kept in three zones
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: redundancy
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    isLocalUserEnabled: false
    minimumTlsVersion: 'TLS1_2'
    publicNetworkAccess: 'Enabled'
    supportsHttpsTrafficOnly: true
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: 'Allow'
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-01-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: {
      enabled: true
      days: 7
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 7
    }
  }
}

resource package 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: blobs
  name: 'app-package'
  properties: {
    publicAccess: 'None'
  }
}

resource deadLetters 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: blobs
  name: deadLetterContainer
  properties: {
    publicAccess: 'None'
  }
}

@description('Name of the container of the app\'s package.')
output packageContainer string = package.name

@description('Resource id of that container.')
output deadLetterContainerId string = deadLetters.id
