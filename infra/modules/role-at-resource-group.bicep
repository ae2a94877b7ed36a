// Assigns a role on a resource group.

@description('Object id of who gets the role.')
param principalId string

@description('Name (a GUID) of the role.')
param role string

resource onResourceGroup 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, principalId, role)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
  }
}
