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

@description('Whether events that could not be delivered are written there, as an identity of the topic.')
param deadLetters bool

@description('Tags of the topic.')
// Checkov's parser cannot read the type of an object with any names.
#disable-next-line use-user-defined-types
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
    type: deadLetters ? 'SystemAssigned' : 'None'
  }
  properties: {
    source: subscription().id
    topicType: 'Microsoft.Resources.Subscriptions'
  }
}

module onContainer 'role-at-container.bicep' = if (deadLetters) {
  params: {
    storageAccountName: storageAccountName
    containerName: deadLetterContainer
    // Azure makes this identity with the topic: a preview cannot show what is assigned to it.
    #disable-next-line what-if-short-circuiting
    principalId: topic.identity.principalId
    role: blobContributor
  }
}
