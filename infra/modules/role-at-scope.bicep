// Assigns a role on a subscription, or on one of its resource groups.
targetScope = 'subscription'

@description('The resource group; empty: the whole subscription.')
param resourceGroupName string

@description('Object id of who gets the role.')
param principalId string

@description('Name (a GUID) of the role.')
param role string

resource onSubscription 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (empty(resourceGroupName)) {
  name: guid(subscription().id, principalId, role)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
  }
}

module onResourceGroup 'role-at-resource-group.bicep' = if (!empty(resourceGroupName)) {
  // The scope is looked at even where the condition is false, and must not be empty then.
  scope: resourceGroup(empty(resourceGroupName) ? 'none' : resourceGroupName)
  params: {
    principalId: principalId
    role: role
  }
}
