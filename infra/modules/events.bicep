// Where Azure tells what is written in this subscription; the app is told of gallery image versions.
//
// The event subscription is not here, on purpose: its destination is a function, which Azure finds
// only once the code is deployed and the host has indexed it ("Destination endpoint not found.
// Resource should pre-exist"). azd makes it after that: infra/hooks/subscribe.

@description('Name of the system topic.')
param name string

@description('Name of the storage account for events that could not be delivered.')
param storageAccountName string

@description('Name of the container for them.')
param deadLetterContainer string

@description('Tags of the topic.')
param tags object

var blobContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe' // Storage Blob Data Contributor

// There is no topic type for galleries: image versions show among all writes of a subscription. A
// source has one system topic only, and those of subscriptions are global.
resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  location: 'global'
  tags: tags
  // Dead letters are written as this identity: the storage account takes no keys.
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    source: subscription().id
    topicType: 'Microsoft.Resources.Subscriptions'
  }
}

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storageAccountName
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-01-01' existing = {
  parent: account
  name: 'default'
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' existing = {
  parent: blobs
  name: deadLetterContainer
}

resource onContainer 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(container.id, topic.id, blobContributor)
  scope: container
  properties: {
    principalId: topic.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobContributor)
  }
}

@description('Name of the system topic.')
output topicName string = topic.name
