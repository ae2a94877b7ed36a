// Assigns a built-in role on a container of a storage account.

@description('Name of the storage account.')
param storageAccountName string

@description('Name of the container.')
param containerName string

@description('Object id of who gets the role.')
param principalId string

@description('Name (a GUID) of the role.')
param role string

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storageAccountName
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-01-01' existing = {
  parent: account
  name: 'default'
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' existing = {
  parent: blobs
  name: containerName
}

// With the principal in its name: an assignment cannot be changed to another one, which somebody of the
// same name that was made anew is ("RoleAssignmentUpdateNotPermitted").
resource onContainer 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(container.id, principalId, role)
  scope: container
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
  }
}
