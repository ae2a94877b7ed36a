// Lets somebody send events to an Event Grid topic, and nothing else.

@description('Name of the Event Grid topic, in this resource group.')
param topicName string

@description('Object id of who gets the role.')
param principalId string

var role = 'd5a91429-5739-47e2-a06b-3470a27159e7' // EventGrid Data Sender

resource there 'Microsoft.EventGrid/topics@2025-02-15' existing = {
  name: topicName
}

// With the principal in its name: an assignment cannot be changed to another one, which somebody of the
// same name that was made anew is ("RoleAssignmentUpdateNotPermitted").
resource onIt 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceId('Microsoft.EventGrid/topics', topicName), principalId, role)
  scope: there
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
  }
}
